namespace EnterprisePortal.ServiceDefaults.Background;

/// <summary>How long to wait after a failure: twice as long after each one, up to a limit.</summary>
public readonly record struct Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <param name="failures">Failures in a row, including this one: 1 gives <see cref="First"/>.</param>
    public TimeSpan After(int failures) =>
        TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, Math.Max(failures, 1) - 1)));
}
