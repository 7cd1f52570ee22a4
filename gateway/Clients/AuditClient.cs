using System.Text.Json;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class AuditClient(HttpClient http) : ServiceClient(http, "The Audit Log")
{
    public record Log(IReadOnlyList<Entry> Items, string? Next);

    public record Entry(Guid Id, DateTimeOffset At, string Person, Guid? PersonId, string PersonEmail, string Level, string? Group, string Action, string Subject,
        string? Account, string Source, string? Ip, JsonElement? Details)
    {
        const string Inside = "inside.";

        /// <summary>Done inside an account, in the words of that account; otherwise in the portal.</summary>
        public bool IsInside => Action.StartsWith(Inside, StringComparison.Ordinal);

        public string Where => IsInside ? Source : "Enterprise Portal";

        /// <summary><c>account.entered</c> reads as <c>Account entered</c>, <c>inside.viewed-family</c> as <c>Viewed family</c>.</summary>
        public string InWords
        {
            get
            {
                var words = (IsInside ? Action[Inside.Length..] : Action).Replace('.', ' ').Replace('-', ' ');
                return words is [var first, ..] ? char.ToUpperInvariant(first) + words[1..] : words;
            }
        }
    }

    public record Filter(string? From, string? To, string? Person, string? Action, string? Account, string? Q)
    {
        public bool IsEmpty => !Terms.Any();

        public string Query => new QueryBuilder(Terms).ToString();

        public IEnumerable<KeyValuePair<string, string>> Terms =>
            new[] { ("from", From), ("to", To), ("person", Person), ("action", Action), ("account", Account), ("q", Q) }
                .Where(term => !string.IsNullOrWhiteSpace(term.Item2)).Select(term => KeyValuePair.Create(term.Item1, term.Item2!));
    }

    public Task<Answer<Log>> Newest(Filter filter, string? cursor, CancellationToken cancel)
    {
        var query = new QueryBuilder(filter.Terms);
        if (cursor is not null)
            query.Add("cursor", cursor);
        return Get<Log>("api/audit" + query, cancel);
    }
}

/// <summary>Apart from the pages' own calls: the whole log is read, which takes its time.</summary>
public sealed class AuditVerifier(HttpClient http) : ServiceClient(http, "The Audit Log")
{
    public record Verdict(bool Ok, long Entries, string? FirstBroken, string? Problem);

    public Task<Answer<Verdict>> Verify(CancellationToken cancel) => Get<Verdict>("api/audit/verify", cancel);
}
