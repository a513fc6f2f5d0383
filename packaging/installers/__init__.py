"""From a checkout to installers: the window frozen by PyInstaller, and for the full download a
complete Python with PyTorch beside it, so that programs run in a real interpreter."""
