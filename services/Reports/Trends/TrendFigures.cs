using Dapper;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Npgsql;

namespace EnterprisePortal.Reports.Trends;

/// <summary>
/// A measure over time, of every account in which the person may follow it: reach is in the query, and a report's figure is read only where
/// they may open that report. An account that does not answer whether they may is named and left out.
/// </summary>
sealed class TrendFigures(OpenReports open, NpgsqlDataSource db, DirectoryReplica directory, TimeProvider clock)
{
    // A page waits for this.
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <param name="Points">One for each period.</param>
    public sealed record OfAccount(
        string Code, string Name, string? Currency, DateOnly? Since, bool IsSent, decimal?[] Points, decimal? Value, decimal? Before);

    public sealed record Found(
        TrendMeasure Measure, string By, DateOnly From, DateOnly To, IReadOnlyList<(DateOnly From, DateOnly To)> Periods,
        IReadOnlyList<OfAccount> Accounts, IReadOnlyList<MissingAccount> Missing);

    // With a null period: of the days before the first.
    sealed record Row(string Account, DateOnly? Period, decimal Value, DateOnly Since);

    /// <returns>null if the query names something out of reach.</returns>
    public async Task<Found?> Read(TrendQuery query, Person person, CancellationToken cancel, bool asFile = false)
    {
        var (reach, measure) = (directory.ReachOf(person), query.Asked);
        if (query.AccountsIn(reach) is not { } codes)
            return null;
        var whyNot = measure.Report is { } report
            ? await open.WhyNot(codes.Select(code => (code, report)), person, reach, Deadline, cancel, anew: asFile) : null;
        var missing = codes.Select(code => (Code: code, Why: measure.Report is null ? null : whyNot![(code, measure.Report)]))
            .Where(account => account.Why is not null)
            .Select(account => new MissingAccount(account.Code, reach.Accounts[account.Code].Name, account.Why!)).ToList();
        codes = [.. codes.Except(missing.Select(account => account.Account))];

        await using var connection = await db.OpenConnectionAsync(cancel);
        var column = measure.Name.Replace('-', '_');
        var newest = await connection.QuerySingleAsync<DateOnly?>(new CommandDefinition(
            $"select max(day) from account_day where account = any(@codes) and {column} is not null", new { codes },
            cancellationToken: cancel));
        var (from, to) = query.Range(newest ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        var before = from.AddDays(from.DayNumber - to.DayNumber - 1);
        var by = query.By ?? Period.For(from, to, measure.IsSum);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            select account, period, {(measure.IsSum ? "sum(value)" : "(array_agg(value order by day desc))[1]")} as value, min(day) as since
            from (select account, day, {column}::numeric as value,
                case when day >= @from then greatest(date_trunc(@by, day::timestamp)::date, @from) end as period
              from account_day where account = any(@codes) and day between @first and @to and {column} is not null) counted
            group by account, period
            """,
            // A sum is compared with that of as many days before; what an account has, with the last it had before.
            new { codes, from, to, by, first = measure.IsSum ? before : DateOnly.MinValue }, cancellationToken: cancel)))
            .ToLookup(row => row.Account);
        var sent = (await connection.QueryAsync<string>(new CommandDefinition(
            "select account from account_figures where account = any(@codes) and is_sent", new { codes }, cancellationToken: cancel)))
            .ToHashSet();

        var periods = Period.Of(by, from, to);
        return new(measure, by, from, to, periods, [.. codes.Select(Account)], missing);

        OfAccount Account(string code)
        {
            var known = rows[code].ToList();
            var values = known.Where(row => row.Period is not null).ToDictionary(row => row.Period!.Value);
            var (since, earlier) = (known.Count > 0 ? known.Min(row => row.Since) : (DateOnly?)null,
                known.Find(row => row.Period is null)?.Value);
            var (points, last) = (new decimal?[periods.Count], measure.IsSum ? null : earlier);
            foreach (var (at, period) in periods.Index())
                // Nothing said of a day: there are as many as before, but no money moved.
                points[at] = last = values.TryGetValue(period.From, out var row) ? row.Value : measure.IsSum ? null : last;
            return new(code, reach.Accounts[code].Name,
                measure.Name == TrendMeasure.Money ? CurrencyFormat.Code(reach.Accounts[code].Country) : null,
                since > from ? since : null, sent.Contains(code), points,
                measure.IsSum ? points.All(point => point is null) ? null : points.Sum() : last,
                measure.IsSum && since > before ? null : earlier);
        }
    }

    /// <summary>Money of several currencies does not add up.</summary>
    public static bool AddsUp(Found found) => found.Accounts.Where(account => account.Value is not null)
        .Select(account => account.Currency).Distinct().Count() <= 1;
}
