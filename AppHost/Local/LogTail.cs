using System.Runtime.CompilerServices;

namespace EnterprisePortal.Local;

static class LogTail
{
    const int Recent = 128 * 1024;
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>The recent part of a log and then what is added, in pieces of whole lines. A new log in its place is read from its start.</summary>
    public static async IAsyncEnumerable<string> Follow(string log, [EnumeratorCancellation] CancellationToken left)
    {
        long? read = null;
        for (; !left.IsCancellationRequested; await Task.Delay(Look, left))
        {
            if (!File.Exists(log))
                continue;
            await using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var from = read is null ? Math.Max(0, file.Length - Recent) : read > file.Length ? 0 : read.Value;
            if (file.Length == from)
                continue;
            file.Position = from;
            var piece = new byte[Math.Min(file.Length - from, Recent)];
            await file.ReadExactlyAsync(piece, left);
            var whole = Array.LastIndexOf(piece, (byte)'\n') + 1;
            if (whole == 0 && piece.Length < Recent)
                continue;
            whole = whole == 0 ? piece.Length : whole;
            read = from + whole;
            yield return System.Text.Encoding.UTF8.GetString(piece, 0, whole).TrimEnd('\n');
        }
    }
}
