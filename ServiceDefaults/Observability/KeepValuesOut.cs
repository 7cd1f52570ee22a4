using System.Diagnostics;
using OpenTelemetry;

namespace EnterprisePortal.ServiceDefaults.Observability;

/// <summary>
/// Addresses carry names, e-mails, phone numbers and ids, in their query and in their path. Traces tell the route (<c>http.route</c>) and
/// the host of a request, and none of its values. OpenTelemetry redacts queries itself, but Aspire turns that off in Development, and paths
/// are not redacted at all.
/// </summary>
sealed class KeepValuesOut : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        var route = data.GetTagItem("http.route") as string ?? "*";
        foreach (var tag in (ReadOnlySpan<string>)["url.path", "http.target"])
            if (data.GetTagItem(tag) is not null)
                data.SetTag(tag, route);
        if (data.GetTagItem("url.query") is not null)
            data.SetTag("url.query", null);
        foreach (var tag in (ReadOnlySpan<string>)["url.full", "http.url"])
            if (data.GetTagItem(tag) is string address)
                data.SetTag(tag, Uri.TryCreate(address, UriKind.Absolute, out var url) ? $"{url.Scheme}://{url.Authority}/*" : "*");
    }
}
