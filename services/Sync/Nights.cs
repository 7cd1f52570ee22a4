using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EnterprisePortal.Sync;

/// <summary>When an account is read: once a night, between 1 and 5 o'clock of its own time, always at the same minute, spread over accounts by their code.</summary>
public static class Nights
{
    static readonly TimeSpan From = TimeSpan.FromHours(1);
    const int Seconds = 4 * 60 * 60;

    public static DateTimeOffset Next(string account, string timeZone, DateTimeOffset after)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var found) ? found : TimeZoneInfo.Utc;
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime);
        var night = At(date, account, zone);
        return night > after ? night : At(date.AddDays(1), account, zone);
    }

    static DateTimeOffset At(DateOnly date, string account, TimeZoneInfo zone)
    {
        var local = date.ToDateTime(TimeOnly.MinValue) + From + Offset(account);
        // Clocks go forward over this minute: the night has it an hour later.
        if (zone.IsInvalidTime(local))
            local = local.AddHours(1);
        // Clocks go back: of the two such minutes the first, or the account would be read twice in one night.
        var utcOffset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, utcOffset).ToUniversalTime();
    }

    static TimeSpan Offset(string account) =>
        TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(account))) % Seconds);
}
