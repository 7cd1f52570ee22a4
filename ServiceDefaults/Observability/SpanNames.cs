using System.Diagnostics;
using System.Text.Json;
using EnterprisePortal.ServiceDefaults.AccountApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;

namespace EnterprisePortal.ServiceDefaults.Observability;

/// <summary>Spans are named for the work, in the words of the code: <c>SearchFamilies</c> is "search families".</summary>
sealed class SpanNames : BaseProcessor<Activity>
{
    const string ConsumerType = "messaging.masstransit.consumer_type";

    /// <summary>
    /// A service's request is named for its endpoint. The gateway forwards ranges of addresses; there the route says more.
    /// </summary>
    internal static void OfRequest(Activity activity, HttpResponse response)
    {
        if (response.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>() is { } endpoint)
            activity.DisplayName = InWords(endpoint.EndpointName);
    }

    /// <summary>A call to an account is named for the resource. The rest of the address can identify a person.</summary>
    internal static void OfCall(Activity activity, HttpRequestMessage request)
    {
        if (!request.Options.TryGetValue(AccountApiClient.AskedAccount, out var account))
            return;
        // http://localhost:8090/bluedolphin-austin/api/enterprise/v1/families?phone=… → families
        var what = request.RequestUri!.AbsolutePath.Split(AccountApiClient.Root, 2)[^1].Split('/')[0].Replace('-', ' ');
        activity.DisplayName = request.Method == HttpMethod.Put ? $"bring account {what}" : $"ask account for {what}";
        activity.SetTag(Tag.Account, account);
    }

    /// <summary>A consumed message is named for its consumer; a sent one, for its own type.</summary>
    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(ConsumerType) is string consumer)
            data.DisplayName = InWords(TypeIn(consumer));
        else if (data is { Source.Name: "MassTransit", Kind: ActivityKind.Producer } && data.GetTagItem(Tag.Queue) is string message)
            data.DisplayName = $"send {InWords(TypeIn(message))}";
    }

    // EnterprisePortal.Contracts.Sync:SnapshotChunk → SnapshotChunk
    static string TypeIn(string name) => name[(name.LastIndexOfAny([':', '.', '+']) + 1)..];

    internal static string InWords(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name).Replace('-', ' ');
}
