using System.Globalization;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.Ledger;
using EnterprisePortal.OfficePortal.SignIn;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Families;

/// <summary>
/// The common part of the forms on a family's page: the family is locked, the change and its row of the Audit Log happen together or not at
/// all, and the answer is the family's page or a sentence with the reason.
/// </summary>
public sealed class ChangeFamily(NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
{
    /// <param name="Done">For the Audit Log, with <paramref name="What"/> as its object: <c>Took payment</c>.</param>
    public sealed record Outcome(string? Done, string What, string? Refused)
    {
        public static Outcome Of(string done, string what) => new(done, what, null);
        public static Outcome Not(string words) => new(null, "", words);
    }

    internal async Task<IResult> Run(
        Account account, Session session, long family, Func<NpgsqlConnection, FamilyLedger, DateTimeOffset, Task<Outcome>> change)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var both = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        if (await FamilyLedger.Lock(connection, account.Code, family, now) is not { } ledger)
            return TypedResults.NotFound();
        var outcome = await change(connection, ledger, now);
        if (outcome.Done is null)
            return ProblemPage.Of(StatusCodes.Status422UnprocessableEntity, "That was not saved", outcome.Refused!);
        await audit.Write(connection, account, session, outcome.Done, $"Family {family}: {outcome.What}");
        await both.CommitAsync();
        return TypedResults.Redirect($"/{account.Code}/families/{family}");
    }

    /// <summary>An amount as people type it: <c>49.50</c>, at most two decimals.</summary>
    internal static decimal? Amount(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount is >= 0
            and < 1_000_000 && decimal.Round(amount, 2) == amount ? amount : null;

    internal static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900
            and <= 2200 ? day : null;

    internal static string InWords(decimal amount) => amount.ToString("#,##0.00", CultureInfo.InvariantCulture);
}
