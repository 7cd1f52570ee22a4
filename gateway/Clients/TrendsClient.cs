using EnterprisePortal.Contracts.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class TrendsClient(HttpClient http) : ServiceClient(http, "Trends")
{
    /// <summary>What is asked for, as it was typed: the service checks it, and the page's own address has the same fields.</summary>
    public sealed record Filter(string Measure, string? Group, IReadOnlyList<string> Accounts, string? From, string? To, string? Days)
    {
        public QueryString Query
        {
            get
            {
                var query = new QueryBuilder { { "measure", Measure } };
                foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)
                    [("group", Group), ("from", From), ("to", To), ("days", Days)])
                    if (!string.IsNullOrWhiteSpace(value))
                        query.Add(name, value);
                query.Add("account", Accounts);
                return query.ToQueryString();
            }
        }
    }

    public Task<Answer<Trend>> Read(Filter filter, CancellationToken cancel) => Get<Trend>($"api/trends{filter.Query}", cancel);
}
