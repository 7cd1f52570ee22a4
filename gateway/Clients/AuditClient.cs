using System.Text.Json;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class AuditClient(HttpClient http) : ServiceClient(http, "The Audit Log")
{
    public record Log(IReadOnlyList<Entry> Items, string? Next);

    public record Entry(Guid Id, DateTimeOffset At, string Person, string PersonEmail, string Level, string? Group, string Action, string Subject,
        string? Account, string Source, string? Ip, JsonElement? Details);

    public record Filter(string? From, string? To, string? Person, string? Action, string? Account)
    {
        public bool IsEmpty => string.IsNullOrEmpty(From + To + Person + Action + Account);

        public IEnumerable<KeyValuePair<string, string>> Terms =>
            ((string Name, string? Value)[])[("from", From), ("to", To), ("person", Person), ("action", Action), ("account", Account)] is var terms
                ? terms.Where(term => !string.IsNullOrWhiteSpace(term.Value)).Select(term => KeyValuePair.Create(term.Name, term.Value!)) : [];
    }

    public Task<Answer<Log>> Newest(Filter filter, string? cursor, CancellationToken cancel)
    {
        var query = new QueryBuilder(filter.Terms);
        if (cursor is not null)
            query.Add("cursor", cursor);
        return Get<Log>("api/audit" + query, cancel);
    }
}
