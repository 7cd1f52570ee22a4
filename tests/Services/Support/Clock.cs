namespace EnterprisePortal.Tests.Support;

/// <summary>Runs by itself and can be moved. Timers keep real time, so that the outbox and the bus work whatever the hour is.</summary>
public sealed class Clock : TimeProvider
{
    TimeSpan ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;

    public void Advance(TimeSpan by) => ahead += by;

    public void Set(DateTimeOffset now) => ahead = now - System.GetUtcNow();
}
