using System.Globalization;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.Extensions;

namespace EnterprisePortal.Gateway.Clients;

public sealed class AuditClient(HttpClient http) : ServiceClient(http, "The Audit Log")
{
    public record Filter(string? From, string? To, string? Person, string? Action, string? Account, string? Q)
    {
        const int Days = 30;

        public bool IsEmpty => !Terms.Any();

        /// <summary>The days that the picture shows: those asked for; around a single day, so that others can be chosen, thirty.</summary>
        public Filter Around(DateOnly today)
        {
            if (Day(From) is not { } day || day != Day(To))
                return this;
            var last = day.AddDays(Days) > today && day <= today ? today : day;
            return this with { From = Iso(last.AddDays(1 - Days)), To = Iso(last) };
        }

        public static DateOnly? Day(string? text) =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                && day.Year is >= 1900 and <= 2200 ? day : null;

        public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        public string Query => new QueryBuilder(Terms).ToString();

        public IEnumerable<KeyValuePair<string, string>> Terms =>
            new[] { ("from", From), ("to", To), ("person", Person), ("action", Action), ("account", Account), ("q", Q) }
                .Where(term => !string.IsNullOrWhiteSpace(term.Item2)).Select(term => KeyValuePair.Create(term.Item1, term.Item2!));
    }

    public Task<Answer<Page<LogDay>>> Days(Filter filter, CancellationToken cancel) =>
        Get<Page<LogDay>>("api/audit/days" + new QueryBuilder(filter.Terms), cancel);

    public Task<Answer<Page<AuditEntry>>> Newest(Filter filter, string? cursor, CancellationToken cancel)
    {
        var query = new QueryBuilder(filter.Terms);
        if (cursor is not null)
            query.Add("cursor", cursor);
        return Get<Page<AuditEntry>>("api/audit" + query, cancel);
    }
}

/// <summary>Separate from the pages' own calls: it reads the whole log, which takes time.</summary>
public sealed class AuditVerifier(HttpClient http) : ServiceClient(http, "The Audit Log")
{
    public Task<Answer<LogVerdict>> Verify(CancellationToken cancel) => Get<LogVerdict>("api/audit/verify", cancel);
}

static class AuditEntryWords
{
    extension(AuditEntry entry)
    {
        /// <summary>Done inside an account, named in that account's words; otherwise done in the portal.</summary>
        public bool IsInside => entry.Action.StartsWith(AuditActions.Inside, StringComparison.Ordinal);

        public string Where => entry.IsInside ? entry.Source : "Enterprise Portal";

        public string InWords => AuditActions.InWords(entry.Action);
    }
}
