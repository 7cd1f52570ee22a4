using System.Diagnostics;

namespace EnterprisePortal.Local;

/// <summary>
/// Ends our children when we cannot (kill -9): a shell that reads who was started and who is gone from a pipe, which the kernel closes
/// however we end. It keeps the lock of the data folder until it is done.
/// </summary>
sealed class Reaper : IDisposable
{
    const string Script =
        """
        trap '' INT TERM HUP
        left=
        while read -r what pid signal; do
          if [ "$what" = started ]; then left="$left $pid:$signal"
          else new=; for c in $left; do [ "${c%:*}" = "$pid" ] || new="$new $c"; done; left=$new; fi
        done
        [ "$left" ] || exit 0
        exec 9>>"$1"; flock 9
        for c in $left; do kill -s "${c#*:}" "${c%:*}"; done 2>/dev/null
        i=0
        while [ $i -lt 100 ]; do
          alive=; for c in $left; do if kill -s 0 "${c%:*}"; then alive=1; fi; done 2>/dev/null
          [ "$alive" ] || break
          sleep 0.1; i=$((i + 1))
        done
        for c in $left; do kill -s KILL -- "-${c%:*}"; done 2>/dev/null
        rm -f "${1%lock}owner" "$1"
        """;

    readonly Process shell;
    readonly Lock turn = new();

    public Reaper(string lockFile)
    {
        shell = Process.Start(new ProcessStartInfo("setsid", ["/bin/sh", "-c", Script, "reaper", lockFile]) { RedirectStandardInput = true })!;
        shell.StandardInput.AutoFlush = true;
    }

    public void Started(int process, string signal) => Tell($"started {process} {signal}");

    public void Gone(int process) => Tell($"gone {process}");

    void Tell(string line)
    {
        lock (turn)
            shell.StandardInput.WriteLine(line);
    }

    public void Dispose()
    {
        shell.StandardInput.Dispose();
        shell.WaitForExit(TimeSpan.FromSeconds(12));
        shell.Dispose();
    }
}
