# Exam @EXAM@ of quetsach, machine @NUMBER@ (@MACHINE@): harmless, marked connections at set moments.
# Run it on this machine, without administrator's rights, and leave the window open until it ends:
#     powershell -ExecutionPolicy Bypass -File @FILE@
# It writes one small receipt for each connection into the folder "receipts" beside it (or -Out);
# bring these files back. What is missed because the machine was off is simply not asked.
param([string]$Out = '')
$exam = '@EXAM@'; $domain = '@DOMAIN@'; $server = '@SERVER@'; $port = [int]'@PORT@'
$late = 600
if ($Out -eq '') { $Out = [IO.Path]::Combine([IO.Path]::GetDirectoryName($MyInvocation.MyCommand.Path), 'receipts') }
[void][IO.Directory]::CreateDirectory($Out)
$Out = [IO.Path]::GetFullPath($Out)
$epoch = New-Object DateTime(1970, 1, 1, 0, 0, 0, [DateTimeKind]::Utc)

function Get-Now { [int64][Math]::Floor(([DateTime]::UtcNow - $epoch).TotalSeconds) }

# Only .NET that is in Windows 7 already: no cmdlet of a later PowerShell.
function Get-Cards { [Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces() }

function Join-Array($texts) {
    $clean = @($texts | ForEach-Object { "$_" -replace '[^0-9A-Za-z.:-]', '' } | Where-Object { $_ -ne '' } | Select-Object -Unique -First 50)
    if ($clean.Count -eq 0) { return '[]' }
    '["' + [string]::Join('","', [string[]]$clean) + '"]'
}

function Connect-Mark([string]$name, [string]$mark, [int]$local) {
    $target = [Net.IPAddress]::Parse($server)
    $any = [Net.IPAddress]::Any
    if ($target.AddressFamily -eq [Net.Sockets.AddressFamily]::InterNetworkV6) { $any = [Net.IPAddress]::IPv6Any }
    $socket = New-Object Net.Sockets.Socket($target.AddressFamily, [Net.Sockets.SocketType]::Stream, [Net.Sockets.ProtocolType]::Tcp)
    $socket.SendTimeout = 20000; $socket.ReceiveTimeout = 20000
    try {
        # The port may be in use: then any other will do, and the receipt says which.
        try { $socket.Bind((New-Object Net.IPEndPoint($any, $local))) } catch { }
        $socket.Connect((New-Object Net.IPEndPoint($target, $port)))
        $script:used = $socket.LocalEndPoint.Port
        $request = "GET /$mark HTTP/1.1`r`nHost: $name`r`nConnection: close`r`n`r`n"
        [void]$socket.Send([Text.Encoding]::ASCII.GetBytes($request))
        $script:connected = 'true'
        [void]$socket.Receive((New-Object byte[] 1024))
    } catch {
        if ($socket.LocalEndPoint) { $script:used = $socket.LocalEndPoint.Port }
    } finally { $socket.Close() }
}

function Invoke-Occasion([int64]$moment, [string]$mark, [int]$local) {
    $receipt = [IO.Path]::Combine($Out, "receipt-$mark.json")
    if ([IO.File]::Exists($receipt)) { return }
    while (($now = Get-Now) -lt $moment) { Start-Sleep -Seconds ([int][Math]::Min(60, $moment - $now)) }
    # The machine was off or slept then: no connection, no receipt, no question.
    if ($now -gt $moment + $late) { return }
    $script:connected = 'false'; $script:used = 0
    $name = "$mark.$domain"
    # The last dot keeps search domains away. A name that is not there was asked for all the same.
    try { [void][Net.Dns]::GetHostAddresses("$name.") } catch { }
    if ($server -ne '') { Connect-Mark $name $mark $local }
    $cards = @(Get-Cards)
    $macs = @($cards | ForEach-Object { $_.GetPhysicalAddress().ToString() } | Where-Object { $_.Length -eq 12 })
    $addresses = @($cards | ForEach-Object { $_.GetIPProperties().UnicastAddresses } | ForEach-Object { "$($_.Address)" -replace '%.*', '' })
    $offset = [TimeZone]::CurrentTimeZone.GetUtcOffset([DateTime]::Now)
    $sign = '+'; if ($offset.Ticks -lt 0) { $sign = '-' }
    $zone = '{0}{1:00}{2:00}' -f $sign, [Math]::Abs($offset.Hours), [Math]::Abs($offset.Minutes)
    $machine = [Environment]::MachineName -replace '[^A-Za-z0-9._-]', ''
    $text = '{"format":"quetsach-exam-receipt/1","exam":"' + $exam + '","mark":"' + $mark + '","at":' + $now + ',"utc_offset":"' + $zone + '",' +
        '"host":"' + $machine + '","macs":' + (Join-Array $macs) + ',"addresses":' + (Join-Array $addresses) + ',"port":' + $used +
        ',"asked":true,"connected":' + $connected + "}`n"
    [IO.File]::WriteAllText("$receipt.part", $text)
    [IO.File]::Move("$receipt.part", $receipt)
}

@OCCASIONS@
