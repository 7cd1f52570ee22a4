using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EnterprisePortal.Local;

static class Unix
{
    const int Term = 15;

    /// <summary>Asks it to end. It may have, already.</summary>
    public static void Terminate(Process process)
    {
        if (!process.HasExited)
            _ = Kill(process.Id, Term);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int process, int signal);

    [DllImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Parent();
}
