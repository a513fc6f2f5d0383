; Inno Setup 6.3 or newer. Compiled by installers/setup_program.py, which gives
; Version, Kind (full or light), Folder, Icon and Licence with -d, and the target with -o and -f.

#if Kind == "full"
  #define Comment "with its own Python and PyTorch"
#else
  #define Comment "for a Python of yours that has torch"
#endif

[Setup]
; Full and light are one program to Windows: installing the one replaces the other.
AppId={{6F1F3C37-52B7-4F0E-9C55-6B0E4D0C5A11}
AppName=Tensor Explorer
AppVersion={#Version}
AppVerName=Tensor Explorer {#Version} ({#Kind})
AppComments={#Comment}
AppPublisher=The Tensor Explorer authors
DefaultDirName={autopf}\Tensor Explorer
DefaultGroupName=Tensor Explorer
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile={#Licence}
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\tensor-explorer.exe
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
CloseApplications=yes

[Tasks]
Name: "openwith"; Description: "Offer Tensor Explorer under ""Open with"" for Python files"
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; What an older version or the other kind left there must not be mixed with this one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Tensor Explorer"; Filename: "{app}\tensor-explorer.exe"
Name: "{autodesktop}\Tensor Explorer"; Filename: "{app}\tensor-explorer.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.py\OpenWithProgids"; ValueType: string; ValueName: "TensorExplorer.py"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\TensorExplorer.py"; ValueType: string; ValueData: "Python program"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\TensorExplorer.py\DefaultIcon"; ValueType: string; ValueData: "{app}\tensor-explorer.exe,0"; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\TensorExplorer.py\shell\open\command"; ValueType: string; ValueData: """{app}\tensor-explorer.exe"" ""%1"""; Tasks: openwith

[Run]
Filename: "{app}\tensor-explorer.exe"; Description: "{cm:LaunchProgram,Tensor Explorer}"; Flags: nowait postinstall skipifsilent

[UninstallDelete]
; Byte code that the inner Python may have written.
Type: filesandordirs; Name: "{app}\_internal"
