using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Trends;

/// <summary>What the page draws: the total over time, the accounts to compare, and for every account what it came to.</summary>
public static class ReadTrend
{
    public static void Map(RouteGroupBuilder trends) => trends.MapGet("/", Handle).WithName(nameof(ReadTrend));

    static async Task<Results<Ok<Trend>, NotFound, ValidationProblem>> Handle(
        [AsParameters] TrendQuery query, TrendFigures figures, Person person, CancellationToken cancel)
    {
        if (query.Problem() is { } problem)
            return problem;
        if (await figures.Read(query, person, cancel) is not { } found)
            return TypedResults.NotFound();
        var (known, adds) = (found.Accounts.Where(account => account.Value is not null).ToList(), TrendFigures.AddsUp(found));
        return TypedResults.Ok(new Trend(
            found.Measure.Name, found.By, found.From, found.To, adds ? known.FirstOrDefault()?.Currency : null,
            Sum(account => account.Value), known.Exists(account => account.Before is null) ? null : Sum(account => account.Before),
            [.. found.Periods.Index().Select(period => new TrendPoint(period.Item.From, period.Item.To,
                Sum(account => account.Points[period.Index])))],
            [.. found.Accounts.Select(account => new TrendAccount(account.Code, account.Name, account.Value, account.Before,
                account.Currency, account.Since, account.IsSent, query.Compared.Contains(account.Code) ? account.Points : null))],
            found.Missing));

        // Of nothing there is no sum.
        decimal? Sum(Func<TrendFigures.OfAccount, decimal?> value) =>
            adds && known.Exists(account => value(account) is not null) ? known.Sum(value) : null;
    }
}
