using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Figures;

/// <summary>
/// What a run comes to, from the totals that were added up while its files were collected. They are as confidential as the files: an
/// account that does not let the viewer open its report, or does not answer, is named and is not in the total.
/// </summary>
public static class ReadFigures
{
    // A page waits for this.
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    public static void Map(RouteGroupBuilder runs) => runs.MapGet("/{id:guid}/figures", Handle).WithName(nameof(ReadFigures));

    static async Task<Results<Ok<RunFigures>, NotFound>> Handle(
        Guid id, ReleasedFiles released, ReportsDb db, DirectoryReplica directory, Person person, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        if (await released.Of(id, person, reach, cancel, Deadline) is not { } release)
            return TypedResults.NotFound();
        var (figure, named) = (ReportCatalogue.Find(release.Run.Report)!.Figure, new Naming(reach));
        var counted = release.Files.Where(file => figure.Of(file.About) is not null).ToList();
        var before = await Before(release.Run, [.. counted.Select(file => file.Account)], db, person, reach, cancel);
        List<AccountFigure> accounts =
        [
            .. counted.Select(file => new AccountFigure(file.Account, named.Account(file.Account), figure.Of(file.About)!.Value,
                file.About.CountingRows, named.Currency(figure, file.Account),
                before?.Files.GetValueOrDefault(file.Account) is { } then ? figure.Of(then) : null))
        ];
        var currencies = named.Currencies(figure, counted.Select(file => file.Account));
        var adds = accounts.Count > 0 && currencies.Count <= 1;
        return TypedResults.Ok(new RunFigures(
            id, figure.Name, figure.Column, currencies is [var only] ? only : null, adds ? accounts.Sum(account => account.Value) : null,
            accounts.Sum(account => account.Rows), accounts,
            [
                .. named.Missing(release),
                .. release.Files.Except(counted)
                    .Select(file => new MissingAccount(file.Account, named.Account(file.Account), $"has no column {figure.Column}"))
            ],
            before is null || accounts.Exists(account => account.Before is null) ? null
                : new(before.Run.Id, before.Run.Asked, adds ? accounts.Sum(account => account.Before) : null)));
    }

    sealed record Earlier(ReportRun Run, IReadOnlyDictionary<string, ReportFile> Files);

    /// <summary>
    /// The newest run of the period before that the viewer may see, with the same filters and all these accounts. They have released this
    /// report to the viewer, whatever its dates.
    /// </summary>
    static async Task<Earlier?> Before(
        ReportRun run, string[] accounts, ReportsDb db, Person person, Reach reach, CancellationToken cancel)
    {
        if (accounts.Length == 0 || PeriodBefore.Of(run.Asked) is not { } asked)
            return null;
        var parameters = JsonSerializer.Serialize(asked, NewRun.Given);
        var earlier = await db.Runs.AsNoTracking().VisibleTo(person, reach)
            .Where(other => other.Report == run.Report && other.Parameters == parameters)
            .Where(other => other.Accounts.Count(account => accounts.Contains(account.Account) && account.State == RunAccount.Ready)
                == accounts.Length)
            .OrderByDescending(other => other.Id).FirstOrDefaultAsync(cancel);
        return earlier is null ? null : new(earlier, await db.Files.AsNoTracking()
            .Where(file => file.RunId == earlier.Id && accounts.Contains(file.Account))
            .ToDictionaryAsync(file => file.Account,
                file => JsonSerializer.Deserialize<ReportFile>(file.About, JsonSerializerOptions.Web)!, cancel));
    }
}

/// <summary>Accounts in the viewer's words.</summary>
sealed class Naming(Reach reach)
{
    public string Account(string code) => reach.Accounts[code].Name;

    public string? Currency(ReportFigure figure, string code) =>
        figure.Column is null ? null : CurrencyFormat.Code(reach.Accounts[code].Country);

    /// <summary>An unknown one counts as one, as in the workbook.</summary>
    public IReadOnlyList<string?> Currencies(ReportFigure figure, IEnumerable<string> codes) =>
        [.. codes.Select(code => Currency(figure, code)).Distinct()];

    public IEnumerable<MissingAccount> Missing(ReleasedFiles.Released release) =>
        release.Missing.Select(account => new MissingAccount(account.Account, Account(account.Account), account.Why));
}
