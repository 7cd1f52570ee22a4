using System.Globalization;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>What <see cref="ValidationPage"/> shows, from the fields of its address.</summary>
/// <param name="Words">Filters by part of a name.</param>
/// <param name="Name">The name whose accounts are shown in the table; <paramref name="Slip"/>: in a group.</param>
/// <param name="Checking">The account that has been read again since <paramref name="Since"/>.</param>
public sealed record NamesQuery(string Kind, string? Words, string? Name, string? Slip, string? Checking, string? Since)
{
    public string Address => $"/validation/{Kind}{Query}";

    public string Live => $"/validation/{Kind}/live{Query}";

    /// <summary>A button's address: the same fields, and what it acts on.</summary>
    public string Action(string what, params IEnumerable<KeyValuePair<string, string>> about) =>
        $"/validation/{Kind}/{what}{new QueryBuilder(Terms.Concat(about))}";

    string Query => new QueryBuilder(Terms).ToString();

    IEnumerable<KeyValuePair<string, string>> Terms =>
        new[] { ("q", Words), ("name", Name), ("slip", Slip), ("checking", Checking), ("since", Since) }
            .Where(term => !string.IsNullOrEmpty(term.Item2)).Select(term => KeyValuePair.Create(term.Item1, term.Item2!));
}

/// <param name="Accounts">The accounts that have the opened name.</param>
/// <param name="Check">null if no account is being read again.</param>
public sealed record NamesView(
    NamesQuery Query, Answer<NamesInReach> Names, Answer<Page<AccountWithName>>? Accounts, NamesView.Reading? Check)
{
    /// <param name="Problem">Why the account could not be read, in words.</param>
    public sealed record Reading(bool IsDone, string? Problem)
    {
        public bool IsOver => IsDone || Problem is not null;
    }

    public string? Opened => Query.Slip ?? Query.Name;

    public bool IsOpen => Check is { IsOver: false };

    /// <summary>Asks for the account first, then for the names, which then include what was just read.</summary>
    public static async Task<NamesView> Load(NamesQuery query, SearchClient search, SyncClient sync, CancellationToken cancel)
    {
        var check = query.Checking is null ? null : await Read(query, sync, cancel);
        var names = await search.NamesOf(Uri.EscapeDataString(query.Kind), cancel);
        var opened = query.Slip ?? query.Name;
        return new(query, names, opened is null
            || names.Value is null ? null : await search.AccountsWith(query.Kind, opened, cancel), check);
    }

    static async Task<Reading?> Read(NamesQuery query, SyncClient sync, CancellationToken cancel)
    {
        if (!DateTimeOffset.TryParse(query.Since, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var since))
            return null;
        var state = await sync.Of(query.Checking!, cancel);
        return state.Value switch
        {
            null => new(false, state.Problem ?? "It is not among your accounts."),
            { LastSync: { } last } when last >= since => new(true, null),
            // It has failed since: it is due again, but later than requested.
            { Problem: { } problem, Running: false, Next: { } next } when next > since => new(false, problem),
            _ => new(false, null)
        };
    }
}
