using System.ComponentModel.DataAnnotations;

namespace EnterprisePortal.Sync;

/// <summary>Section <c>Sync</c>.</summary>
public sealed class SyncOptions : IValidatableObject
{
    /// <summary>Accounts that one instance reads at the same time.</summary>
    [Range(1, 64)]
    public int Parallel { get; set; } = 4;

    /// <summary>
    /// Accounts of one host that all instances together read at the same time; two instances that claim at the same moment may exceed it by
    /// one.
    /// </summary>
    [Range(1, 64)]
    public int ParallelPerHost { get; set; } = 4;

    /// <summary>An account that sends nothing for this long has failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest a reading may take, however slowly the account sends.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan LongestReading { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How often a change feed is polled.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Each account is read once a night between the two, in its own time zone. The night may span midnight.</summary>
    public TimeOnly NightFrom { get; set; } = new(1, 0);

    public TimeOnly NightTo { get; set; } = new(5, 0);

    // After the first, second, … failure; the last one for all later ones.
    static readonly TimeSpan[] Retries =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)
    ];

    public static TimeSpan RetryAfter(int failures) => Retries[Math.Clamp(failures, 1, Retries.Length) - 1];

    /// <summary>The index rejected a snapshot that was read without an error: reading it again at once would hardly help.</summary>
    public static TimeSpan RetryAfterRejection => TimeSpan.FromHours(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (NightTo - NightFrom < TimeSpan.FromMinutes(1))
            yield return new("The night between them is shorter than a minute.", [nameof(NightFrom), nameof(NightTo)]);
    }
}
