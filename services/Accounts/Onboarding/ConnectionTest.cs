using System.Net;
using System.Text;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.Accounts.Onboarding;

/// <summary>Tests an account step by step; after a failed step the rest is skipped.</summary>
public sealed class ConnectionTest(AccountApiClient accounts, AccountsDb db)
{
    public const string StaffStep = "staff";
    public const string Good = "good", Warning = "warning", Failed = "failed", Skipped = "skipped";
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5), RestrictionsDeadline = TimeSpan.FromSeconds(8);
    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);
    // With the figures of as many days as one may hold.
    const int LongestHeader = 256 * 1024;

    /// <summary>A missing staff user keeps people out but does no harm: the account may be activated all the same.</summary>
    public static bool Passed(IReadOnlyCollection<ConnectionStep> steps) =>
        steps.Count > 0 && steps.All(step => step.Outcome is Good or Warning);

    public async Task<IReadOnlyList<ConnectionStep>> Run(Enterprise enterprise, AccountState account, CancellationToken cancel)
    {
        var steps = new List<ConnectionStep>();
        foreach (var (name, look) in new (string, Func<CancellationToken, Task<(string, string)>>)[]
        {
            ("reachable", cancel => Reachable(account, cancel)), ("keys", cancel => Keys(account, cancel)),
            ("snapshot", cancel => Snapshot(account, cancel)),
            ("restrictions", cancel => Restrictions(account, cancel)), (StaffStep, cancel => Staff(enterprise, account, cancel))
        })
            if (steps.Any(step => step.Outcome is Failed or Skipped))
                steps.Add(new(name, Skipped, "Not tried, because of what failed before it."));
            else
            {
                var (outcome, words) = await Try(name == "restrictions" ? RestrictionsDeadline : Deadline, look, cancel);
                steps.Add(new(name, outcome, words));
            }
        return steps;
    }

    async Task<(string, string)> Try(TimeSpan deadline, Func<CancellationToken, Task<(string, string)>> look, CancellationToken cancel)
    {
        try
        {
            return await accounts.Within(deadline, look, cancel);
        }
        catch (AccountUnavailable e)
        {
            return (Failed, e.Message);
        }
    }

    async Task<(string, string)> Reachable(AccountState account, CancellationToken cancel) =>
        await accounts.AskAnonymously(account.BaseUrl, cancel) switch
        {
            HttpStatusCode.Unauthorized =>
                (Good, $"The account answers at {account.BaseUrl} and refuses calls without a token of the portal."),
            HttpStatusCode.OK =>
                (Failed, "Something answers at this address without checking the caller. "
                    + "An account refuses calls without a token of the portal."),
            var status => (Failed, $"Something answers at this address, but not as an account does ({(int)status}).")
        };

    async Task<(string, string)> Keys(AccountState account, CancellationToken cancel) =>
        await accounts.Get<RestrictionSet>(account, "restrictions", cancel) is null
            ? (Failed, "The account does not offer its restrictions.")
            : (Good, $"The account accepts the portal's signature, and the portal knows the account's key "
                + $"{string.Join(", ", new JsonWebKeySet(account.ClientKeys).Keys.Select(key => key.Kid))}.");

    /// <summary>Reads the first line only: the first sync reads and checks the whole snapshot.</summary>
    async Task<(string, string)> Snapshot(AccountState account, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "snapshot") { Headers = { { "Accept", "application/x-ndjson" } } };
        using var answer = await accounts.Send(account, request, cancel);
        if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentType?.MediaType != "application/x-ndjson")
            return (Failed, "The account sent something that is not a snapshot.");
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
            var start = new byte[LongestHeader];
            var length = 0;
            while (length < start.Length && !start.AsSpan(0, length).Contains((byte)'\n')
                && await stream.ReadAsync(start.AsMemory(length), cancel) is > 0 and var read)
                length += read;
            var end = start.AsSpan(0, length).IndexOf((byte)'\n');
            if (end < 0 || JsonSerializer.Deserialize<SnapshotLine>(
                Encoding.UTF8.GetString(start, 0, end), JsonSerializerOptions.Web) is not SnapshotHeader header)
                return (Failed, "The account's snapshot does not begin with its header.");
            if (header.Account != account.Code)
                return (Failed, $"The account sent the snapshot of another account ({header.Account}).");
            return (Good, header.Cursor is null
                ? "The account sends its snapshot. It offers no change feed: its data is as old as the last night."
                : "The account sends its snapshot, and what changes in between.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return (Failed, "The account's snapshot does not begin with its header.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            return (Failed, "The account's snapshot broke off.");
        }
    }

    /// <summary>Permissions delivers them when it sees the account in the directory, which takes some seconds.</summary>
    async Task<(string, string)> Restrictions(AccountState account, CancellationToken cancel)
    {
        try
        {
            while (!await db.Accounts.AnyAsync(
                row => row.Code == account.Code && (row.RestrictionsAppliedAt != null || row.Status != AccountState.Onboarding), cancel))
                await Task.Delay(LookInterval, cancel);
            return (Good, "The account has applied the enterprise's restrictions.");
        }
        catch (OperationCanceledException)
        {
            return (Failed,
                "The account has not applied the enterprise's restrictions yet. "
                + "Their delivery is repeated until it does; the Permissions page shows the problem.");
        }
    }

    async Task<(string, string)> Staff(Enterprise enterprise, AccountState account, CancellationToken cancel)
    {
        var wanted = (from each in enterprise.Groups.Values
                      where each.Accounts.Contains(account.Code)
                      from asAdmin in (bool[])[true, false]
                      select (Email: enterprise.LoginAs(each.Id, asAdmin, null)?.ToLowerInvariant(), AsAdmin: asAdmin)).Distinct().ToList();
        var problems = new List<string>();
        foreach (var (email, asAdmin) in wanted)
            if (email is null)
                problems.Add($"A group of this account names no staff user for its {(asAdmin ? "Admins" : "Users")}.");
            else if (EntryProblem.Of(await accounts.Get<StaffUser>(account, $"staff/{Uri.EscapeDataString(email)}", cancel),
                asAdmin) is { } problem)
                problems.Add(EntryProblem.InWords(problem, email));
        return problems.Count == 0
            ? (Good, $"Everybody can enter: {string.Join(", ", wanted.Select(one => one.Email).Distinct())}.")
            : (Warning, string.Join(" ", problems.Distinct()));
    }
}
