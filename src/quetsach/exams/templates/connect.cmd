@echo off
rem Exam @EXAM@ of quetsach, machine @NUMBER@ (@MACHINE@): a double click runs the script beside it.
rem Leave the window open until it ends, then bring back the folder "receipts".
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0%~n0.ps1"
