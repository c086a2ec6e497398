@echo off
rem quetsach-planted.cmd: asks for the harmless name that is planted for today, and knocks at an
rem address where nobody is (192.0.2.x). What the logs of the office show of it says whether they
rem would show a machine that talks to a bad address. Installs nothing, sends no data anywhere.
rem Hoi ten mien vo hai cua ngay hom nay va go vao mot dia chi khong co ai, de biet nhat ky mang
rem co ghi lai hay khong. Khong cai gi, khong gui du lieu di dau. Khong can quyen quan tri.
rem   quetsach-planted.cmd            now, once: a double click
rem   quetsach-planted.cmd later      after up to 15 minutes, for a schedule
rem   quetsach-planted.cmd schedule   make the two tasks 08:30 and 10:30, Monday to Friday
rem   quetsach-planted.cmd stop       remove them
rem Needs planted-names.txt beside it and writes planted-note.txt there; quetsach-collect takes it
rem along: it tells a PC that was off from a sensor that is blind. ASCII only; plain cmd of XP on.
setlocal EnableExtensions DisableDelayedExpansion
set "HERE=%~dp0"
set "SELF=%~f0"
set "NAMES=%HERE%planted-names.txt"
set "NOTE=%HERE%planted-note.txt"
rem A program on the stick with the name of one of the system must not be run in its place.
cd /d "%SystemRoot%\System32"
set "PATH=%SystemRoot%\System32;%SystemRoot%;%SystemRoot%\System32\Wbem"
if /i "%~1"=="schedule" goto schedule
if /i "%~1"=="stop" goto stop
if /i "%~1"=="later" call :wait
set "TODAY="
set "NOW="
set "JS=%TEMP%\quetsach-%RANDOM%%RANDOM%.js"
call :script
for /f "tokens=1,2" %%a in ('cscript //nologo "%JS%" 2^>nul') do (
  set "TODAY=%%a"
  set "NOW=%%b"
)
del "%JS%" >nul 2>&1
if defined TODAY goto known
rem Where the script host is switched off, WMI knows the date in one fixed form.
for /f "tokens=2 delims==." %%a in ('wmic os get LocalDateTime /value 2^>nul') do set "STAMP=%%a"
if not defined STAMP goto noname
set "TODAY=%STAMP:~0,4%-%STAMP:~4,2%-%STAMP:~6,2%"
set "NOW=%TODAY%T%STAMP:~8,2%:%STAMP:~10,2%:%STAMP:~12,2%"

:known
set "NAME="
set "ADDRESS="
rem Only lines of the one form are taken: a day, a planted name, an address of 192.0.2.x.
for /f "tokens=2,3" %%a in ('findstr /b /r /c:"%TODAY% [0-9a-f]*\.planted\.quetsach\.example 192\.0\.2\.[0-9]*$" "%NAMES%" 2^>nul') do (
  set "NAME=%%a"
  set "ADDRESS=%%b"
)
if not defined NAME goto noname
if not exist "%NOTE%" >"%NOTE%" echo # quetsach-planted 1
rem The resolver of the system, as every program of this PC uses it.
ping -n 1 -w 1000 %NAME%. >nul 2>&1
set "CURL=%SystemRoot%\System32\curl.exe"
if exist "%CURL%" "%CURL%" -s -m 5 -o nul "http://%ADDRESS%/" >nul 2>&1
if not exist "%CURL%" ping -n 1 -w 2000 %ADDRESS% >nul 2>&1
>>"%NOTE%" echo %NOW% %NAME% asked knocked
if errorlevel 1 goto nowrite
echo Da hoi ten cua ngay %TODAY%. Khong gui du lieu di dau.
goto close

:wait
rem Up to 15 minutes: thousands of PCs must not ask in the same second.
set /a SECONDS=%RANDOM% * 900 / 32768 + 1
ping -n %SECONDS% 127.0.0.1 >nul 2>&1
exit /b

:script
>"%JS%" echo function p(n){return ('0'+n).slice(-2)}
>>"%JS%" echo var d=new Date(),o=-d.getTimezoneOffset(),m=Math.abs(o);
>>"%JS%" echo var y=d.getFullYear()+'-'+p(d.getMonth()+1)+'-'+p(d.getDate());
>>"%JS%" echo var z=(String(o).charAt(0)=='-'?'-':'+')+p(Math.floor(m/60))+':'+p(m%%60);
>>"%JS%" echo WScript.Echo(y+' '+y+'T'+p(d.getHours())+':'+p(d.getMinutes())+':'+p(d.getSeconds())+z);
exit /b

:schedule
schtasks /create /f /tn quetsach-planted-1 /sc weekly /d MON,TUE,WED,THU,FRI /st 08:30 /tr "\"%SELF%\" later"
if errorlevel 1 goto notask
schtasks /create /f /tn quetsach-planted-2 /sc weekly /d MON,TUE,WED,THU,FRI /st 10:30 /tr "\"%SELF%\" later"
if errorlevel 1 goto notask
echo Da dat lich 08:30 va 10:30, thu hai den thu sau. Bo lich: quetsach-planted.cmd stop
goto close

:stop
schtasks /delete /f /tn quetsach-planted-1
schtasks /delete /f /tn quetsach-planted-2
goto close

:notask
echo KHONG dat duoc lich. Hay chay tay moi ngay lam viec, hoac nho nguoi quan tri may.
goto close

:noname
echo KHONG co ten cho ngay hom nay. Hay lay tep planted-names.txt moi.
goto close

:nowrite
echo KHONG ghi duoc "%NOTE%". Hay chep thu muc nay vao o cung roi chay lai.
goto close

:close
if "%~1"=="" pause
endlocal
