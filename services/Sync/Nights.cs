using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EnterprisePortal.Sync;

/// <summary>
/// When an account is read: once a night, between <c>Sync:NightFrom</c> and <c>Sync:NightTo</c> of its own time, always at the same minute,
/// which its code determines, so that accounts are spread over the night.
/// </summary>
public static class Nights
{
    public static DateTimeOffset NextNight(this SyncOptions options, string account, string timeZone, DateTimeOffset after)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var found) ? found : TimeZoneInfo.Utc;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime);
        // A night that spans midnight began the day before.
        return Enumerable.Range(-1, 3).Select(day => At(today.AddDays(day), options, account, zone)).First(night => night > after);
    }

    static DateTimeOffset At(DateOnly date, SyncOptions options, string account, TimeZoneInfo zone)
    {
        var local = date.ToDateTime(options.NightFrom) + Offset(account, options.NightTo - options.NightFrom);
        // Clocks skip this minute: tonight it is an hour later.
        if (zone.IsInvalidTime(local))
            local = local.AddHours(1);
        // Clocks repeat this minute: use the first, or the account would be read twice in one night.
        var utcOffset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, utcOffset).ToUniversalTime();
    }

    /// <param name="night">The difference of two <see cref="TimeOnly"/>: always forward, across midnight if necessary.</param>
    static TimeSpan Offset(string account, TimeSpan night)
    {
        var spread = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(account)));
        return TimeSpan.FromSeconds(spread % (uint)night.TotalSeconds);
    }
}
