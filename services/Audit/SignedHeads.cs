using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.Audit;

/// <summary>
/// The heads of all chains, kept outside the database: removing its newest rows, or restoring an older database, contradicts these files.
/// Append-only, one line each: <c>enterprise number hash time signature</c>. One file per process, so that replicas need no lock.
/// </summary>
public sealed class SignedHeads(SigningKey key, IOptions<AuditOptions> options, TimeProvider clock) : IDisposable
{
    const string Ending = ".heads";
    readonly Dictionary<Guid, long> noted = [];
    readonly Lock turn = new();
    FileStream? file;

    /// <summary>Call after the commit: an entry that was rolled back must never be noted.</summary>
    public void Note(Chain.Head head)
    {
        lock (turn)
        {
            if (head.Signature is null || noted.GetValueOrDefault(head.Enterprise) >= head.Seq)
                return;
            file ??= Open();
            file.Write(Encoding.ASCII.GetBytes($"{head.Statement} {head.Signature}\n"));
            file.Flush(flushToDisk: true);
            noted[head.Enterprise] = head.Seq;
        }
    }

    FileStream Open()
    {
        var folder = Directory.CreateDirectory(options.Value.HeadsFolder).FullName;
        var name = string.Create(CultureInfo.InvariantCulture,
            $"{clock.GetUtcNow():yyyyMMdd-HHmmss}-{Environment.MachineName}-{Environment.ProcessId}-{Random.Shared.GetHexString(4, lowercase: true)}{Ending}");
        return new(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    /// <returns>Every head noted for the enterprise, oldest first.</returns>
    /// <exception cref="BentFile">A line does not have our signature.</exception>
    public async Task<IReadOnlyList<Chain.Head>> Of(Guid enterprise, CancellationToken cancel)
    {
        var heads = new SortedDictionary<long, Chain.Head>();
        var folder = new DirectoryInfo(options.Value.HeadsFolder);
        foreach (var path in folder.Exists ? folder.EnumerateFiles("*" + Ending).Select(found => found.FullName) : [])
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            // A process that died while writing may have left an incomplete last line.
            string? torn = null;
            for (var number = 1; await reader.ReadLineAsync(cancel) is { } line; number++)
            {
                if (torn is not null)
                    throw new BentFile(torn);
                if (!line.StartsWith($"{enterprise} ", StringComparison.Ordinal))
                    continue;
                if (Chain.Head.Read(line) is { } head && key.IsSigned(head.Statement, head.Signature))
                    heads[head.Seq] = head;
                else
                    torn = $"{Path.GetFileName(path)}:{number}";
            }
        }
        return [.. heads.Values];
    }

    public void Dispose() => file?.Dispose();
}

/// <param name="line">File name and line number.</param>
public sealed class BentFile(string line) : Exception(line);
