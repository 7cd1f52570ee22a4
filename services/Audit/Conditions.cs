using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>The where clause of a query with optional filters; values are only ever passed as parameters.</summary>
sealed class Conditions(NpgsqlCommand command)
{
    readonly List<string> all = [];

    public void And(string condition) => all.Add(condition);

    /// <returns>Its placeholder: <c>$3</c>.</returns>
    public string Value(object value)
    {
        command.Parameters.AddWithValue(value);
        return $"${command.Parameters.Count}";
    }

    public override string ToString() => string.Join(" and ", all);
}

/// <summary>A day or a moment, as people and programs write them.</summary>
static class Moment
{
    public const string Expected = "Give a day (2026-11-01) or a moment (2026-11-01T08:00:00Z).";

    public static bool TryRead(string? text, bool endOfDay, out DateTimeOffset? moment)
    {
        moment = null;
        if (string.IsNullOrWhiteSpace(text))
            return true;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            moment = new(day, endOfDay ? TimeOnly.MaxValue : TimeOnly.MinValue, TimeSpan.Zero);
        else if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact))
            moment = exact.ToUniversalTime();
        return moment is not null;
    }
}

/// <summary>Where a page ended: the cursor of the next page.</summary>
sealed record Position(DateTimeOffset At, Guid Id)
{
    public override string ToString() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{At.UtcTicks} {Id}"));

    public static bool TryRead(string? cursor, out Position? position)
    {
        position = null;
        if (string.IsNullOrEmpty(cursor))
            return true;
        if (Base64Url.IsValid(cursor) && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ') is [var ticks, var id]
            && long.TryParse(ticks, CultureInfo.InvariantCulture, out var at) && at >= 0
            && at <= DateTimeOffset.MaxValue.UtcTicks && Guid.TryParse(id, out var guid))
            position = new(new(at, TimeSpan.Zero), guid);
        return position is not null;
    }
}
