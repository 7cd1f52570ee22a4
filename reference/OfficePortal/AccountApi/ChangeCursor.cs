using System.Globalization;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>
/// A position in the change feed: <c>4711.20261123</c>. It includes the day because families become active and inactive at midnight without
/// anybody changing them.
/// </summary>
public readonly record struct ChangeCursor(long Change, DateOnly Day)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Change}.{Day:yyyyMMdd}");

    public static bool TryParse(string? text, out ChangeCursor cursor)
    {
        cursor = default;
        if (text?.Split('.') is not [var change, var day]
            || !long.TryParse(change, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return false;
        cursor = new(number, date);
        return true;
    }

    /// <summary>The end of the feed, as the connection's transaction sees it.</summary>
    internal static async Task<ChangeCursor> Last(NpgsqlConnection connection, string account, DateOnly today, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select last from family_change_cursor where account = $1", connection)
            { Parameters = { new() { Value = account } } };
        return new(await command.ExecuteScalarAsync(cancel) as long? ?? 0, today);
    }
}
