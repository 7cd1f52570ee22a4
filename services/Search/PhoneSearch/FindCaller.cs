using System.Diagnostics;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.People;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Search.PhoneSearch;

/// <summary>
/// Who is calling: every account in reach is asked at once, live. An account that does not answer within 1.5 s is named, and its families
/// come from the last sync.
/// </summary>
public static class FindCaller
{
    /// <summary>Reserved for the enrollment checks of an account that answered at the last moment.</summary>
    static readonly TimeSpan ForChecks = TimeSpan.FromSeconds(0.4);

    public static void MapPhoneSearch(this IEndpointRouteBuilder search)
    {
        search.MapGet("/phone/{**phone}", Handle).WithName(nameof(FindCaller));
        search.MapGet("/enrollment/{account}/{**family}", CheckEnrollment).WithName(nameof(CheckEnrollment));
    }

    /// <param name="checks"><c>false</c>: answer before the enrollment checks; the page makes them one by one.</param>
    static async Task<Results<Ok<Caller>, ValidationProblem>> Handle(string? phone, bool? checks, Person person, DirectoryReplica directory,
        AskAccounts ask, IndexedPhones index, PhoneLookups lookups, PortalMetrics metrics, TimeProvider clock, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var accounts = directory.ReachOf(person).Accounts.Values.Where(account => account.Status == AccountState.Active).ToArray();
        if (ReadCaller.Cleaned(phone) is not { } cleaned)
            return Refused("This is not a phone number. Callers who hide their number cannot be looked up.");
        var readings = accounts.Select(account => account.Country).Distinct()
            .ToDictionary(country => country, country => PhoneReading.E164(cleaned, country));
        if (readings.Count > 0 && readings.Values.All(reading => reading is null))
            return Refused("This is not a complete phone number. It needs its area code.");

        using var deadline = new CancellationTokenSource(AskAccounts.Deadline, clock);
        using var checkDeadline = new CancellationTokenSource(AskAccounts.Deadline + ForChecks, clock);
        var asked = await Task.WhenAll(accounts.Where(account => readings[account.Country] is not null)
            .Select(account => Ask(account, readings[account.Country]!)));

        var unanswered = asked.Where(answer => answer.Live is null).ToArray();
        var known = await index.Families([.. unanswered.Select(answer => (answer.Account.Code, answer.E164))], cancel);
        var matches = asked.Select(answer => answer.Live is { } live
                ? new CallerMatch(answer.Account.Code, answer.Account.Name, answer.E164, live, "live", null)
                : Indexed(answer.Account, answer.E164, [.. known[answer.Account.Code]]))
            .Where(match => match.Families.Length > 0).OrderBy(match => match.AccountName, StringComparer.Ordinal).ToArray();
        if (matches.Sum(match => match.Families.Length) > 1)
            matches = await index.WithDetails(matches, cancel);

        metrics.PhoneLookup(matches.Length switch { 0 => "none", 1 => "match", _ => "several" }, Stopwatch.GetElapsedTime(started));
        foreach (var answer in unanswered)
            metrics.Unanswered(answer.Account.Code);
        var (country, reading) = readings.FirstOrDefault(pair => pair.Value is not null);
        await lookups.Remember(person, PhoneLookups.Masked(reading ?? cleaned), matches, unanswered.Length,
            Stopwatch.GetElapsedTime(started), cancel);
        var number = reading is null ? cleaned : PhoneReading.ReadOut(reading, country);
        var silent = unanswered.Select(answer => answer.Account.Code).Order(StringComparer.Ordinal);
        return TypedResults.Ok(new Caller(phone!, number, matches, [.. silent]));

        ValidationProblem Refused(string words)
        {
            metrics.PhoneLookup("refused", Stopwatch.GetElapsedTime(started));
            return Refusal.Invalid("phone", words);
        }

        async Task<Answer> Ask(AccountState account, string e164)
        {
            if (await ask.Families(account, e164, deadline.Token, cancel) is not { } families)
                return new(account, e164, null);
            return new(account, e164, await Task.WhenAll(families.Select(async family =>
                new CallerFamily(family.Id, family.Name, checks == false ? null
                    : await ask.Active(account, family.Id, checkDeadline.Token, cancel)))));
        }
    }

    static async Task<Results<Ok<EnrollmentCheck>, NotFound>> CheckEnrollment(
        string account,
        string family,
        Person person,
        DirectoryReplica directory,
        AskAccounts ask,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (!directory.ReachOf(person).Accounts.TryGetValue(account, out var state) || state.Status != AccountState.Active)
            return TypedResults.NotFound();
        using var deadline = new CancellationTokenSource(AskAccounts.Deadline, clock);
        return TypedResults.Ok(new EnrollmentCheck(await ask.Active(state, family, deadline.Token, cancel)));
    }

    static CallerMatch Indexed(AccountState account, string e164, IndexedPhones.Indexed[] known) =>
        new(account.Code, account.Name, e164, [.. known.Select(family => family.Family)], "index", known.FirstOrDefault()?.AsOf);

    sealed record Answer(AccountState Account, string E164, CallerFamily[]? Live);
}
