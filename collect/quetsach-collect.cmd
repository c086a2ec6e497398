@echo off
rem quetsach-collect.cmd: bam dup de chay. Lay dau vet ket noi voi dia chi doc hai tu may nay,
rem dong vao mot tep zip dat canh kich ban nay. Khong cai gi, khong gui gi di dau.
rem KHONG lay: tai lieu, lich su duyet web, tep ca nhan, mat khau, thu dien tu, dong lenh.
rem Takes what shows a contact with a bad address from this Windows machine into one zip beside
rem this file. Installs nothing, sends nothing. Leaves out documents, browsing history, files of
rem users, passwords, mail. ASCII only: no code page of DOS can spoil it.
setlocal EnableExtensions DisableDelayedExpansion
set "RESULT="
set "BESIDE=%~dp0"
set "HERE=%~dp0"
if not "%~1"=="" set "HERE=%~f1\"
rem A program on the stick with the name of one of the system must not be run in its place.
cd /d "%SystemRoot%\System32"
set "PATH=%SystemRoot%\System32;%SystemRoot%;%SystemRoot%\System32\Wbem"
echo.
echo  QUET SACH - thu thap dau vet mang tren may nay
echo  Khong gui du lieu di dau. Khong lay tai lieu, mat khau, lich su duyet web.
echo.
if "%~1"=="" pause
set "DONE=%TEMP%\quetsach-%RANDOM%%RANDOM%.txt"
set "PS=%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe"
if not exist "%PS%" goto plain
if not exist "%BESIDE%quetsach-collect.ps1" goto plain
"%PS%" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%BESIDE%quetsach-collect.ps1" -Folder "%HERE%." -Done "%DONE%"
rem The exit code says nothing where PowerShell is blocked: only this file proves the work is done.
if not exist "%DONE%" goto plain
del "%DONE%" >nul 2>&1
goto finish

:plain
echo PowerShell khong chay duoc, dung cach thu thap don gian...
set "HOST=unknown"
rem Not from the environment, which any program of the user may have changed.
for /f "tokens=1 delims=&|<>^() " %%h in ('hostname 2^>nul') do set "HOST=%%h"
set "JS=%TEMP%\quetsach-%RANDOM%%RANDOM%.js"
call :script
call :clock
set "STARTED=%TAKEN%"
set "NAME=quetsach-%HOST%-%STAMP%"
set "OUT=%HERE%%NAME%"
md "%OUT%" 2>nul
if not exist "%OUT%\" goto nowrite
set "FIRST=1"
set "FIRSTLOST=1"
set "MAC=-"
set "ADDRESS=-"
set "LISTED=%TEMP%\quetsach-%RANDOM%-listed.txt"
set "LOST=%TEMP%\quetsach-%RANDOM%-lost.txt"
set "ASKED=%TEMP%\quetsach-%RANDOM%-asked.txt"
set "PAIRS=%TEMP%\quetsach-%RANDOM%-pairs.txt"
type nul >"%LISTED%"
type nul >"%LOST%"
call :pairs
call :head address address.txt
type "%PAIRS%" >>"%OUT%\address.txt"
call :end address.txt
call :head netstat connections.txt
netstat -ano >>"%OUT%\connections.txt" 2>nul
call :end connections.txt
call :head dnscache dnscache.txt
ipconfig /displaydns >>"%OUT%\dnscache.txt" 2>nul
call :end dnscache.txt
call :head ipconfig ipconfig.txt
ipconfig /all >>"%OUT%\ipconfig.txt" 2>nul
call :end ipconfig.txt
call :head neighbours neighbours.txt
>>"%OUT%\neighbours.txt" echo # %TAKEN%
arp -a >>"%OUT%\neighbours.txt" 2>nul
call :end neighbours.txt
call :head hosts hosts.txt
type "%SystemRoot%\System32\drivers\etc\hosts" >>"%OUT%\hosts.txt" 2>nul
call :end hosts.txt
call :head proxy proxy.txt
call :registry proxy.txt "HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings" ProxyEnable
netsh winhttp show proxy >>"%OUT%\proxy.txt" 2>nul
call :end proxy.txt
call :head tasks tasks.txt
for /f "tokens=1 delims=," %%a in ('schtasks /query /fo csv /nh 2^>nul') do >>"%OUT%\tasks.txt" echo %%~a
call :end tasks.txt
call :head autorun autorun.txt
call :runkey "HKLM\Software\Microsoft\Windows\CurrentVersion\Run"
call :runkey "HKLM\Software\Wow6432Node\Microsoft\Windows\CurrentVersion\Run"
call :runkey "HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
call :end autorun.txt
call :head security security.txt
for %%s in (WinDefend MpsSvc wuauserv) do sc query %%s >>"%OUT%\security.txt" 2>nul
for %%p in (DomainProfile StandardProfile PublicProfile) do call :registry security.txt "HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\%%p" EnableFirewall
call :end security.txt
call :head system system.txt
ver >>"%OUT%\system.txt"
for %%v in (ProductName CurrentVersion CurrentBuild CSDVersion DisplayVersion) do call :registry system.txt "HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion" %%v
call :end system.txt
call :head activation activation.txt
>>"%OUT%\activation.txt" echo # Chi de biet muc rui ro. Khong ai bi xu ly vi nhung dong duoi day.
for %%f in ("%SystemRoot%\AutoKMS" "%SystemRoot%\KMS-R@1n.exe" "%SystemRoot%\KMSEmulator.exe" "%SystemRoot%\SECOH-QAD.exe" "%SystemRoot%\System32\SppExtComObjHook.dll" "%ProgramFiles%\KMSpico" "%ProgramData%\KMSAuto" "%ProgramData%\KMSAutoS" "%ProgramFiles%\Activation-Renewal") do if exist %%f >>"%OUT%\activation.txt" echo file %%~f
findstr /i "AutoKMS AutoPico KMSAuto KMSpico R@1n-KMS Activation-Renewal Activation-Run_Once" "%OUT%\tasks.txt" >>"%OUT%\activation.txt" 2>nul
findstr /c:":1688 " "%OUT%\connections.txt" >>"%OUT%\activation.txt" 2>nul
call :end activation.txt
if not exist "%BESIDE%planted-note.txt" goto packed
rem What quetsach-planted asked from this machine, where it is used.
call :head planted planted-note.txt
type "%BESIDE%planted-note.txt" >>"%OUT%\planted-note.txt" 2>nul
call :end planted-note.txt

:packed
call :manifest
del "%LISTED%" "%LOST%" "%PAIRS%" "%JS%" "%ASKED%" >nul 2>&1
call :pack
goto finish

:script
rem The script host reads what others may have written (a DNS suffix, the name of a run key): cmd
rem itself would take some signs in it for commands. It also knows the time in one fixed form.
>"%JS%" echo function p(n){return ('0'+n).slice(-2)}
>>"%JS%" echo function file(){return new ActiveXObject('Scripting.FileSystemObject').OpenTextFile(WScript.Arguments(1))}
>>"%JS%" echo function clock(){
>>"%JS%" echo var d=new Date(),o=-d.getTimezoneOffset(),m=Math.abs(o);
>>"%JS%" echo var y=d.getFullYear(),a=p(d.getMonth()+1),b=p(d.getDate()),h=p(d.getHours()),i=p(d.getMinutes()),s=p(d.getSeconds());
>>"%JS%" echo var z=(String(o).charAt(0)=='-'?'-':'+')+p(Math.floor(m/60))+':'+p(m%%60);
>>"%JS%" echo WScript.Echo(y+'-'+a+'-'+b+'T'+h+':'+i+':'+s+z+' '+y+a+b+'-'+h+i+s);}
>>"%JS%" echo function pairs(){
>>"%JS%" echo var f=file(),l,x,m='';
>>"%JS%" echo while(!f.AtEndOfStream){l=f.ReadLine();
>>"%JS%" echo x=l.match(/: *(([0-9A-F]{2}-){5}[0-9A-F]{2})\s*$/i);if(x)m=x[1];
>>"%JS%" echo x=l.match(/IPv4[:]*[-. \w]*: *([0-9.]+)/);
>>"%JS%" echo if(x)if(m)if(x[1].indexOf('169.254.')!=0)WScript.Echo(x[1]+'\t'+m);}}
>>"%JS%" echo function names(){
>>"%JS%" echo var f=file(),l,i;
>>"%JS%" echo while(!f.AtEndOfStream){l=f.ReadLine();i=l.indexOf('    REG_');if(i!=-1)WScript.Echo(l.substring(4,i));}}
>>"%JS%" echo this[WScript.Arguments(0)]();
exit /b

:clock
set "TAKEN=-"
set "STAMP=%RANDOM%%RANDOM%"
for /f "tokens=1,2" %%a in ('cscript //nologo "%JS%" clock 2^>nul') do (
  set "TAKEN=%%a"
  set "STAMP=%%b"
)
exit /b

:pairs
rem Address and MAC by shape: six pairs with dashes, and a line that says IPv4 in every language.
type nul >"%PAIRS%"
ipconfig /all >"%ASKED%" 2>nul
cscript //nologo "%JS%" pairs "%ASKED%" >"%PAIRS%" 2>nul
for /f "usebackq tokens=1,2" %%a in ("%PAIRS%") do call :first %%a %%b
exit /b

:first
if not "%ADDRESS%"=="-" exit /b
set "ADDRESS=%1"
set "MAC=%2"
exit /b

:head
call :clock
>"%OUT%\%2" echo # quetsach-collect 1 holds=%1 host=%HOST% mac=%MAC% address=%ADDRESS% taken=%TAKEN%
exit /b

:registry
for /f "skip=1 tokens=1,2*" %%a in ('reg query %2 /v %3 2^>nul') do if /i "%%a"=="%3" >>"%OUT%\%1" echo %%a %%c
exit /b

:runkey
rem Names only: what a value starts may hold a password or the name of a person.
reg query %1 >"%ASKED%" 2>nul
cscript //nologo "%JS%" names "%ASKED%" >>"%OUT%\autorun.txt" 2>nul
exit /b

:end
set "DIGEST=-"
for /f "skip=1 tokens=*" %%h in ('certutil -hashfile "%OUT%\%1" SHA256 2^>nul') do call :digest "%%h"
for %%f in ("%OUT%\%1") do set "SIZE=%%~zf"
set "BETWEEN=,"
if "%FIRST%"=="1" set "BETWEEN="
set "FIRST=0"
>>"%LISTED%" echo %BETWEEN%{"name": "%1", "bytes": %SIZE%, "sha256": "%DIGEST%"}
rem A file of a single line holds our own first line and nothing else.
set "COUNT=0"
for /f "usebackq delims=" %%l in ("%OUT%\%1") do set /a COUNT+=1 >nul
if not "%COUNT%"=="1" exit /b
if "%1"=="autorun.txt" exit /b
if "%1"=="proxy.txt" exit /b
set "BETWEEN=,"
if "%FIRSTLOST%"=="1" set "BETWEEN="
set "FIRSTLOST=0"
>>"%LOST%" echo %BETWEEN%{"name": "%1", "why": "nothing was printed"}
exit /b

:digest
rem Windows 7 writes the digest in pairs with blanks between; the last line is a sentence.
if not "%DIGEST%"=="-" exit /b
set "DIGEST=%~1"
set "DIGEST=%DIGEST: =%"
exit /b

:manifest
call :clock
set "ADMIN=false"
net session >nul 2>&1 && set "ADMIN=true"
set "TO=%OUT%\manifest.json"
>"%TO%" echo {"tool": "quetsach-collect", "schema": 1, "version": 1, "script": "cmd", "host": "%HOST%",
>>"%TO%" echo  "started": "%STARTED%", "ended": "%TAKEN%", "admin": %ADMIN%, "files": [
type "%LISTED%" >>"%TO%"
>>"%TO%" echo ], "failed": [
type "%LOST%" >>"%TO%"
>>"%TO%" echo ], "left_out": ["documents", "browsing history", "files of users", "passwords"]}
exit /b

:pack
rem From Windows 10 of 2018 on, tar writes ZIP. Before that the folder itself is the result.
set "RESULT=%OUT%"
if not exist "%SystemRoot%\System32\tar.exe" exit /b
"%SystemRoot%\System32\tar.exe" -a -c -f "%OUT%.zip" -C "%OUT%" . >nul 2>&1
if not exist "%OUT%.zip" exit /b
set "RESULT=%OUT%.zip"
rd /s /q "%OUT%"
exit /b

:nowrite
echo KHONG ghi duoc vao "%HERE%". Hay chep kich ban nay ra USB hoac Desktop roi chay lai.
goto finish

:finish
rem PowerShell has said all this itself; where nothing was written there is nothing to say.
if not defined RESULT goto close
echo Ket qua: "%RESULT%"
echo KHONG lay tai lieu, lich su duyet web, tep ca nhan, mat khau. Khong gui di dau.
echo Hay chep ket qua vao USB va giao cho nguoi phu trach.

:close
if "%~1"=="" pause
endlocal
