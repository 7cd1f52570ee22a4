using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Gateway.Clients;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>
/// The names to choose from in a report's form, by field: those in the accounts as of their last sync. A mistyped name would leave
/// everything out. Where they do not arrive in time, or are too many for a list, the field takes typed text.
/// </summary>
static class ReportNames
{
    const int Most = 500;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> Of(
        IEnumerable<ReportFilter> fields, SearchClient search, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Deadline);
        var asked = fields.Where(field => field.Names is not null)
            .Select(async field => (field.Name, Names: (await search.NamesOf(field.Names!, late.Token)).Value?.Names ?? []));
        try
        {
            return (await Task.WhenAll(asked)).Where(field => field.Names.Count is > 0 and <= Most)
                .ToDictionary(field => field.Name, IReadOnlyList<string> (field) => [.. field.Names.Select(name => name.Text)]);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Dictionary<string, IReadOnlyList<string>>();
        }
    }
}
