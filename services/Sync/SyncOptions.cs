namespace EnterprisePortal.Sync;

/// <summary>Configuration section <c>Sync</c>.</summary>
public sealed class SyncOptions
{
    /// <summary>Accounts that one instance reads at the same time.</summary>
    public int Parallel { get; set; } = 4;

    /// <summary>Accounts of one host that all instances together read at the same time; two instances that claim in the same moment may go one over.</summary>
    public int ParallelPerHost { get; set; } = 4;

    /// <summary>An account that sends nothing for this long has failed.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>However slowly it drips.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How often a change feed is asked.</summary>
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(15);

    // After the first, second, … failure; the last one for all further.
    static readonly TimeSpan[] Retries =
        [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)];

    public static TimeSpan RetryAfter(int failures) => Retries[Math.Clamp(failures, 1, Retries.Length) - 1];

    /// <summary>The index would not have a snapshot that was read well: reading it at once again would hardly help.</summary>
    public static TimeSpan RetryAfterRejection => TimeSpan.FromHours(1);
}
