# quetsach-collect.ps1 (quét sạch): lấy từ máy này những dấu vết kết nối với địa chỉ độc hại,
# đóng vào một tệp zip đặt cạnh kịch bản này. Không cài gì, không gửi gì đi đâu.
#
# Lấy: kết nối mạng kèm tên chương trình, bộ nhớ đệm DNS, ARP, địa chỉ và MAC, tệp hosts, proxy,
#   TÊN tác vụ hẹn giờ và TÊN mục tự khởi động, phần mềm diệt virus, tường lửa, phiên bản và bản vá
#   Windows, dấu hiệu bẻ khóa bản quyền (chỉ để biết mức rủi ro; không ai bị xử lý vì điều này).
# KHÔNG lấy: tài liệu, lịch sử duyệt web, tệp cá nhân, mật khẩu, thư điện tử, dòng lệnh.
#
# Takes what shows a contact with a bad address from this Windows machine and packs it into one zip
# beside this script. It installs nothing and sends nothing. Leaves out: documents, browsing history,
# files of users, passwords, mail, command lines. Signs of activation cracks are a measure of risk:
# nobody is punished for them.
#
# Runs on PowerShell 2.0 (Windows 7 SP1) and later: nothing newer may be used here, and a test looks.

param([string]$Folder = '', [string]$Done = '')

$ErrorActionPreference = 'Stop'
$Version = 1
$Plain = [Globalization.CultureInfo]::InvariantCulture
if ($Folder -eq '') { $Folder = Split-Path -Parent $MyInvocation.MyCommand.Path }

function Get-Now { (Get-Date).ToString("yyyy-MM-dd'T'HH:mm:sszzz", $Plain) }

# One cell of a table: no tab and no line end may be left in it.
function ConvertTo-Cell($Value) {
    if ($Value -eq $null) { return '' }
    ([string]$Value) -replace '[\t\r\n]', ' '
}

# The name of a person stands in the path of his folder.
function Hide-User($Path) {
    ([string]$Path) -replace '(?i)([a-z]:\\(?:Users|Documents and Settings)\\)[^\\]+', '$1...'
}

function ConvertTo-Json1($Text) {
    $out = New-Object Text.StringBuilder
    [void]$out.Append('"')
    foreach ($sign in ([string]$Text).ToCharArray()) {
        $code = [int]$sign
        if ($code -eq 34 -or $code -eq 92) { [void]$out.Append('\').Append($sign) }
        elseif ($code -lt 32 -or $code -gt 126) { [void]$out.Append('\u').Append($code.ToString('x4')) }
        else { [void]$out.Append($sign) }
    }
    [void]$out.Append('"')
    $out.ToString()
}

# Which machine.

$HostName = ([string]$env:COMPUTERNAME) -replace '[^A-Za-z0-9._-]', '_'
if ($HostName -eq '') { $HostName = 'unknown' }
$Started = Get-Now
$Stamp = (Get-Date).ToString('yyyyMMdd-HHmmss', $Plain)
$Me = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
$Admin = $Me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
$Failed = New-Object Collections.ArrayList
$Files = New-Object Collections.ArrayList

# Rows of address, MAC and adapter; those with a gateway first.
function Get-Addresses {
    $all = @(Get-WmiObject -Class Win32_NetworkAdapterConfiguration -Filter 'IPEnabled = TRUE')
    $near = @($all | Where-Object { $_.DefaultIPGateway })
    $far = @($all | Where-Object { -not $_.DefaultIPGateway })
    foreach ($one in ($near + $far)) {
        foreach ($address in @($one.IPAddress)) {
            if ($address) {
                $mac = ([string]$one.MACAddress) -replace ':', '-'
                $address + "`t" + $mac + "`t" + (ConvertTo-Cell $one.Description)
            }
        }
    }
}

$Rows = @()
try { $Rows = @(Get-Addresses) } catch { $Rows = @() }
$Mac = '-'
$Address = '-'
if ($Rows.Count -gt 0) {
    $Address = $Rows[0].Split("`t")[0]
    $Mac = $Rows[0].Split("`t")[1]
}
if ($Mac -eq '') { $Mac = '-' }

# The first line tells the reader which machine this is, and when it was taken.
function Get-FirstLine($Holds) {
    '# quetsach-collect ' + $Version + ' holds=' + $Holds + ' host=' + $HostName + ' mac=' + $Mac +
    ' address=' + $Address + ' taken=' + (Get-Now)
}

function Add-File($Name, $Text) {
    $bytes = (New-Object Text.UTF8Encoding($false)).GetBytes($Text)
    [void]$Files.Add(@{ Name = $Name; Bytes = $bytes })
}

# Takes one file: its name, what it holds, and the block that gives its lines.
function Add-Taken($Name, $Holds, $Block) {
    Write-Host ('  ' + $Name)
    $lines = @(Get-FirstLine $Holds)
    try { $lines += @(& $Block | ForEach-Object { [string]$_ }) }
    catch {
        $why = ConvertTo-Cell $_.Exception.Message
        if ($why.Length -gt 200) { $why = $why.Substring(0, 200) }
        [void]$Failed.Add(@{ Name = $Name; Why = $why })
    }
    Add-File $Name (($lines -join "`r`n") + "`r`n")
}

# What is taken.

function Get-ProcessNames {
    $names = @{}
    foreach ($one in Get-Process) { $names[[int]$one.Id] = $one.ProcessName }
    $names
}

function Get-Connections {
    $names = Get-ProcessNames
    "LocalAddress`tLocalPort`tRemoteAddress`tRemotePort`tState`tOwningProcess`tProcessName`tCreationTime"
    foreach ($one in Get-NetTCPConnection) {
        $made = ''
        if ($one.CreationTime) { $made = $one.CreationTime.ToString("yyyy-MM-dd'T'HH:mm:sszzz", $Plain) }
        $cells = @($one.LocalAddress, $one.LocalPort, $one.RemoteAddress, $one.RemotePort,
            $one.State, $one.OwningProcess, $names[[int]$one.OwningProcess], $made)
        (@($cells | ForEach-Object { ConvertTo-Cell $_ }) -join "`t")
    }
}

function Get-NameCache {
    "Entry`tRecordName`tRecordType`tStatus`tSection`tTimeToLive`tDataLength`tData"
    foreach ($one in Get-DnsClientCache) {
        $cells = @($one.Entry, $one.RecordName, $one.RecordType, $one.Status, $one.Section,
            $one.TimeToLive, $one.DataLength, $one.Data)
        (@($cells | ForEach-Object { ConvertTo-Cell $_ }) -join "`t")
    }
}

function Get-Neighbours {
    '# ' + (Get-Now)
    arp.exe -a
}

function Get-Processes {
    "Id`tName`tPath"
    foreach ($one in Get-Process) {
        $path = ''
        try { $path = $one.Path } catch { $path = '' }
        ([string]$one.Id) + "`t" + (ConvertTo-Cell $one.ProcessName) + "`t" + (ConvertTo-Cell (Hide-User $path))
    }
}

function Get-Hosts { [IO.File]::ReadAllLines($env:SystemRoot + '\System32\drivers\etc\hosts') }

# A proxy setting may carry a password before its @.
function Get-Proxy {
    $key = 'HKCU:\Software\Microsoft\Windows\CurrentVersion\Internet Settings'
    $told = Get-ItemProperty -Path $key
    foreach ($name in 'ProxyEnable', 'ProxyServer', 'AutoConfigURL') {
        $value = $told.$name
        $name + "`t" + ((ConvertTo-Cell $value) -replace '//[^/@]*@', '//***@')
    }
    netsh.exe winhttp show proxy
}

# Names only: what a task or a run key starts may hold names of persons or passwords.
function Get-TaskNames {
    foreach ($line in (schtasks.exe /query /fo csv /nh)) {
        if ($line -match '^"([^"]*)"') { $matches[1] }
    }
}

function Get-RunNames {
    $keys = @(
        'HKLM:\Software\Microsoft\Windows\CurrentVersion\Run',
        'HKLM:\Software\Microsoft\Windows\CurrentVersion\RunOnce',
        'HKLM:\Software\Wow6432Node\Microsoft\Windows\CurrentVersion\Run',
        'HKCU:\Software\Microsoft\Windows\CurrentVersion\Run',
        'HKCU:\Software\Microsoft\Windows\CurrentVersion\RunOnce'
    )
    foreach ($key in $keys) {
        if (Test-Path $key) {
            foreach ($name in (Get-Item $key).GetValueNames()) { $key + "`t" + (ConvertTo-Cell $name) }
        }
    }
}

function Get-Security {
    foreach ($one in @(Get-WmiObject -Namespace 'root\SecurityCenter2' -Class AntiVirusProduct)) {
        if ($one) { "antivirus`t" + $one.displayName + "`t0x" + ([int]$one.productState).ToString('x6') }
    }
    $policy = 'HKLM:\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\'
    foreach ($profile1 in 'DomainProfile', 'StandardProfile', 'PublicProfile') {
        $told = Get-ItemProperty -Path ($policy + $profile1)
        "firewall`t" + $profile1 + "`t" + $told.EnableFirewall
    }
    foreach ($name in 'WinDefend', 'MpsSvc', 'wuauserv') {
        foreach ($one in @(Get-Service | Where-Object { $_.Name -eq $name })) {
            "service`t" + $one.Name + "`t" + $one.Status
        }
    }
}

function Get-System {
    $os = Get-WmiObject -Class Win32_OperatingSystem
    "system`t" + $os.Caption + "`t" + $os.Version + "`t" + $os.OSArchitecture
    "service pack`t" + $os.ServicePackMajorVersion
    "installed`t" + $os.InstallDate
    "started`t" + $os.LastBootUpTime
    foreach ($one in @(Get-WmiObject -Class Win32_QuickFixEngineering)) {
        if ($one) { "update`t" + $one.HotFixID + "`t" + (ConvertTo-Cell $one.InstalledOn) }
    }
}

# Signs by existence and name only. The names are those that the tools themselves use.
function Get-ActivationSigns {
    '# Chỉ để biết máy có rủi ro hay không. Không ai bị xử lý vì những dòng dưới đây.'
    '# A measure of risk only. Nobody is punished for the lines below.'
    $places = @(
        '%SystemRoot%\AutoKMS', '%SystemRoot%\KMS-R@1n.exe', '%SystemRoot%\KMSEmulator.exe',
        '%SystemRoot%\SECOH-QAD.exe', '%SystemRoot%\System32\SppExtComObjHook.dll',
        '%ProgramFiles%\KMSpico', '%ProgramData%\KMSAuto', '%ProgramData%\KMSAutoS',
        '%ProgramFiles%\Activation-Renewal', '%SystemRoot%\AAct_Tools'
    )
    foreach ($place in $places) {
        $path = [Environment]::ExpandEnvironmentVariables($place)
        if (Test-Path -LiteralPath $path) { "file`t" + $place }
    }
    $pattern = 'AutoKMS|AutoPico|KMSAuto|KMSpico|KMSELDI|KMS-R@1n|R@1n-KMS|KMSEmulator|KMSServer|AAct|Activation-Renewal|Activation-Run_Once'
    foreach ($one in @(Get-Service | Where-Object { $_.Name -match $pattern })) { "service`t" + $one.Name }
    foreach ($one in @(Get-Process | Where-Object { $_.ProcessName -match $pattern })) { "process`t" + $one.ProcessName }
    foreach ($one in @(Get-TaskNames | Where-Object { $_ -match $pattern })) { "task`t" + $one }
    foreach ($line in (netstat.exe -an)) {
        if ($line -match '^\s*TCP\s+\S+:1688\s') { "port`t1688" }
    }
    foreach ($line in (Get-Hosts)) {
        if ($line -match '^\s*[0-9a-fA-F:.]+\s.*(activat|licens|genuine|kms|adobe)') { "hosts`t" + (ConvertTo-Cell $line) }
    }
}

Write-Host 'quétsạch: đang lấy thông tin, xin chờ một đến hai phút...'
if (Get-Command Get-NetTCPConnection -ErrorAction SilentlyContinue) {
    Add-Taken 'connections.tsv' 'tcp' { Get-Connections }
    Add-Taken 'udp.txt' 'netstat' { netstat.exe -ano -p UDP }
}
else { Add-Taken 'connections.txt' 'netstat' { netstat.exe -ano } }
if (Get-Command Get-DnsClientCache -ErrorAction SilentlyContinue) {
    Add-Taken 'dnscache.tsv' 'dnscache' { Get-NameCache }
}
else { Add-Taken 'dnscache.txt' 'dnscache' { ipconfig.exe /displaydns } }
Add-Taken 'address.txt' 'address' { if ($Rows.Count -eq 0) { throw 'no address' } else { $Rows } }
Add-Taken 'ipconfig.txt' 'ipconfig' { ipconfig.exe /all }
Add-Taken 'neighbours.txt' 'neighbours' { Get-Neighbours }
Add-Taken 'processes.txt' 'processes' { Get-Processes }
Add-Taken 'hosts.txt' 'hosts' { Get-Hosts }
Add-Taken 'proxy.txt' 'proxy' { Get-Proxy }
Add-Taken 'tasks.txt' 'tasks' { Get-TaskNames }
Add-Taken 'autorun.txt' 'autorun' { Get-RunNames }
Add-Taken 'security.txt' 'security' { Get-Security }
Add-Taken 'system.txt' 'system' { Get-System }
Add-Taken 'activation.txt' 'activation' { Get-ActivationSigns }
# What quetsach-planted asked from this machine, where it is used.
$Note = Join-Path (Split-Path -Parent $MyInvocation.MyCommand.Path) 'planted-note.txt'
if (Test-Path -LiteralPath $Note) { Add-Taken 'planted-note.txt' 'planted' { [IO.File]::ReadAllLines($Note) } }

# The manifest.

function Get-Digest($Bytes) {
    # The first is not allowed where only certified cryptography is; the second needs .NET 3.5.
    try { $sha = New-Object Security.Cryptography.SHA256Managed }
    catch { $sha = New-Object Security.Cryptography.SHA256CryptoServiceProvider }
    ([BitConverter]::ToString($sha.ComputeHash($Bytes)) -replace '-', '').ToLower()
}

function Get-Manifest {
    $listed = @($Files | ForEach-Object {
            '  {"name": ' + (ConvertTo-Json1 $_.Name) + ', "bytes": ' + $_.Bytes.Length +
            ', "sha256": "' + (Get-Digest $_.Bytes) + '"}'
        })
    $lost = @($Failed | ForEach-Object {
            '  {"name": ' + (ConvertTo-Json1 $_.Name) + ', "why": ' + (ConvertTo-Json1 $_.Why) + '}'
        })
    $admin1 = ([string]$Admin).ToLower()
    @(
        '{', ' "tool": "quetsach-collect",', ' "schema": 1,', (' "version": ' + $Version + ','),
        ' "script": "ps1",', (' "powershell": ' + (ConvertTo-Json1 $PSVersionTable.PSVersion) + ','),
        (' "host": ' + (ConvertTo-Json1 $HostName) + ','), (' "started": "' + $Started + '",'),
        (' "ended": "' + (Get-Now) + '",'), (' "admin": ' + $admin1 + ','),
        ' "files": [', ($listed -join ",`r`n"), ' ],', ' "failed": [', ($lost -join ",`r`n"), ' ],',
        ' "left_out": ["documents", "browsing history", "files of users", "passwords"]', '}'
    ) -join "`r`n"
}

# The zip: files stored as they are (PKWARE APPNOTE 6.3.10); .NET writes ZIP only from 4.5.

$CrcTable = New-Object 'long[]' 256
for ($n = 0; $n -lt 256; $n++) {
    $c = [long]$n
    for ($k = 0; $k -lt 8; $k++) {
        if (($c -band 1) -eq 1) { $c = 3988292384 -bxor (($c - 1) / 2) } else { $c = $c / 2 }
    }
    $CrcTable[$n] = [long]$c
}

function Get-Crc($Bytes) {
    $crc = [long]4294967295
    foreach ($b in $Bytes) {
        $low = $crc -band 255
        $crc = $CrcTable[$low -bxor $b] -bxor [long](($crc - $low) / 256)
    }
    [uint32]($crc -bxor 4294967295)
}

function Write-Zip($Path) {
    $moment = Get-Date
    $time = [uint16]($moment.Hour * 2048 + $moment.Minute * 32 + [Math]::Floor($moment.Second / 2))
    $date = [uint16](($moment.Year - 1980) * 512 + $moment.Month * 32 + $moment.Day)
    $stream = [IO.File]::Open($Path, [IO.FileMode]::CreateNew)
    $out = New-Object IO.BinaryWriter($stream)
    $entries = New-Object Collections.ArrayList
    try {
        foreach ($file in $Files) {
            $name = [Text.Encoding]::ASCII.GetBytes($file.Name)
            $size = [uint32]$file.Bytes.Length
            $crc = Get-Crc $file.Bytes
            [void]$entries.Add(@{ Name = $name; Size = $size; Crc = $crc; Place = [uint32]$stream.Position })
            $out.Write([uint32]67324752)
            foreach ($word in 20, 0, 0, $time, $date) { $out.Write([uint16]$word) }
            foreach ($long in $crc, $size, $size) { $out.Write([uint32]$long) }
            $out.Write([uint16]$name.Length)
            $out.Write([uint16]0)
            $out.Write([byte[]]$name)
            $out.Write([byte[]]$file.Bytes)
            $out.Flush()
        }
        $start = [uint32]$stream.Position
        foreach ($entry in $entries) {
            $out.Write([uint32]33639248)
            foreach ($word in 20, 20, 0, 0, $time, $date) { $out.Write([uint16]$word) }
            foreach ($long in $entry.Crc, $entry.Size, $entry.Size) { $out.Write([uint32]$long) }
            $out.Write([uint16]$entry.Name.Length)
            foreach ($word in 0, 0, 0, 0) { $out.Write([uint16]$word) }
            $out.Write([uint32]0)
            $out.Write([uint32]$entry.Place)
            $out.Write([byte[]]$entry.Name)
            $out.Flush()
        }
        $length = [uint32]($stream.Position - $start)
        $out.Write([uint32]101010256)
        foreach ($word in 0, 0, $entries.Count, $entries.Count) { $out.Write([uint16]$word) }
        $out.Write($length)
        $out.Write($start)
        $out.Write([uint16]0)
    }
    finally { $out.Close() }
}

Add-File 'manifest.json' (Get-Manifest)
$Zip = Join-Path $Folder ('quetsach-' + $HostName + '-' + $Stamp + '.zip')
Write-Zip $Zip
if ($Done -ne '') { [IO.File]::WriteAllText($Done, $Zip) }

Write-Host ''
if ($Failed.Count -gt 0) {
    Write-Host 'Không lấy được:'
    foreach ($one in $Failed) { Write-Host ('  ' + $one.Name + ': ' + $one.Why) }
}
if (-not $Admin) { Write-Host 'Chạy không có quyền quản trị: một số thông tin có thể thiếu.' }
Write-Host 'KHÔNG lấy tài liệu, lịch sử duyệt web, tệp cá nhân, mật khẩu; không gửi đi đâu.'
Write-Host ('Kết quả: ' + $Zip)
Write-Host 'Hãy chép tệp này vào USB và giao cho người phụ trách.'
