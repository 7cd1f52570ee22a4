using System.Diagnostics;

namespace EnterprisePortal.AppHost.Running;

/// <summary>One process of the system, through all its starts: a store, a job, or one replica of a service.</summary>
sealed class SupervisedProcess(IResource resource, string id, string name, DataFolder data)
{
    readonly Lock turn = new();
    DateTime? begun;
    bool ended;
    int failures;
    long startedAt = Stopwatch.GetTimestamp();

    public IResource Resource => resource;
    /// <summary>Aspire's: <c>accounts-kqwzrbtf</c>. People say <see cref="Name"/>: <c>accounts</c>, or <c>accounts-2</c>.</summary>
    public string Id => id;
    public string Name => name;
    public string Log { get; } = data.NewLog(name);
    /// <summary>It has been healthy once; a job: it has finished its work.</summary>
    public bool IsReady { get; set; }
    public bool IsStoppedByPerson { get; set; }
    public bool Runs => begun is not null && !ended;
    /// <summary>No endpoint: it ends when its work is done.</summary>
    public bool IsJob => resource is ProjectResource && !resource.Annotations.OfType<EndpointAnnotation>().Any();

    /// <returns>Whether this start is new: Aspire reports every change of a running process.</returns>
    public bool Begins(DateTime? at)
    {
        lock (turn)
        {
            if (begun == at && !ended)
                return false;
            (begun, ended, IsStoppedByPerson, startedAt) = (at, false, false, Stopwatch.GetTimestamp());
            return true;
        }
    }

    /// <returns>Whether this end is new, so that one end leads to one restart.</returns>
    public bool Ends()
    {
        lock (turn)
            return !ended && (ended = true);
    }

    /// <returns>Failures in a row; the count starts over after the process has run for <paramref name="settled"/>.</returns>
    public int Failed(TimeSpan settled) => failures = Stopwatch.GetElapsedTime(startedAt) > settled ? 1 : failures + 1;

    public void KeepLog(IAsyncEnumerable<IReadOnlyList<LogLine>> lines, CancellationToken stop) => _ = Task.Run(async () =>
    {
        try
        {
            await using var stream = new FileStream(Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            await using var file = new StreamWriter(stream) { AutoFlush = true };
            await foreach (var batch in lines.WithCancellation(stop))
                foreach (var line in batch)
                    await file.WriteLineAsync(line.Content);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is ending.
        }
    }, CancellationToken.None);

    /// <summary>The last line a job wrote.</summary>
    public string LastLogLine => LogTail(1).FirstOrDefault("");

    public string[] LogTail(int lines)
    {
        try
        {
            return [.. File.ReadLines(Log).TakeLast(lines)];
        }
        catch (IOException)
        {
            return ["(there is no log)"];
        }
    }
}
