using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace EnterprisePortal.ServiceDefaults.Observability;

/// <summary>
/// The phone link carries the caller's number in its path (<c>/phone-search-link/+15125550142/</c>): traces keep the route, not the number.
/// Query strings are already redacted by OpenTelemetry itself.
/// </summary>
sealed partial class MaskPhoneNumbers : BaseProcessor<Activity>
{
    static readonly string[] PathTags = ["url.path", "url.full", "http.target", "http.url"];

    [GeneratedRegex("(?<=/phone-search-link/|/api/search/phone/).*")]
    private static partial Regex Number();

    public override void OnEnd(Activity data)
    {
        foreach (var tag in PathTags)
            if (data.GetTagItem(tag) is string path && Number().IsMatch(path))
                data.SetTag(tag, Number().Replace(path, "*"));
    }
}
