using System.Net.Http.Headers;
using System.Text;

namespace EnterprisePortal.Tests.Hostile;

/// <summary>
/// Addresses carry what people look for: names, e-mails, callers' numbers. Nobody reads them afterwards in a log or a trace, whatever
/// became of the request.
/// </summary>
public sealed class MarkerTests(WatchedPortal portal) : IClassFixture<WatchedPortal>
{
    const string Marker = "Sekretnik";

    /// <summary>What each kind of parameter can hold, and how it is found again.</summary>
    static string Good(Field field) => field switch
    {
        { Kind: "uuid" } => "5ec4e7b1-0b0d-7000-8000-00005ec4e7b1",
        { Kind: "integer" or "number" } => "917355019",
        { Kind: "date" } => "1987-06-05",
        { Kind: "date-time" } => "1987-06-05T04:03:02Z",
        { Kind: "boolean" } => "true",
        { Name: var name } when name.Contains("phone", StringComparison.OrdinalIgnoreCase) => "+15125559173",
        { Name: var name } when name.Contains("email", StringComparison.OrdinalIgnoreCase) || name == "staff" => $"{Marker}@family.example",
        _ => Marker
    };

    /// <summary>What is there, for the parameters that are not tried.</summary>
    string Known(Address address, string parameter) =>
        address.Fields.FirstOrDefault(field => field.Name.Equals(parameter, StringComparison.OrdinalIgnoreCase))?.Kind switch
        {
            "uuid" => portal.Known[0],
            "integer" => "1",
            _ => parameter.ToUpperInvariant() switch
            {
                "ACCOUNT" or "CODE" => OfficePortal.WebOffice.Austin,
                "KIND" => "levels",
                "PERMISSION" => "reports.fin-2",
                "FORMAT" => "json",
                _ => "x"
            }
        };

    static readonly string[] Markers = [Marker, Marker.ToLowerInvariant(), "5ec4e7b1", "917355019", "1987-06-05", "5125559173"];

    [Fact]
    public async Task No_value_of_an_address_is_in_a_log_a_trace_or_a_metric()
    {
        var cancel = TestContext.Current.CancellationToken;
        var sent = 0;

        foreach (var address in portal.Addresses)
        {
            foreach (var field in address.Fields.Where(field => field.In is Place.Path or Place.Query))
                foreach (var value in new[] { Good(field), $"{Marker} {{0}}", $"{Marker}{new string('x', 5000)}" })
                    await Send(address, field, value);
            // Routes are found in any case.
            if (address.Fields.FirstOrDefault(field => field.In == Place.Path) is { } first)
                await Send(address with { Template = address.Template.ToUpperInvariant() }, first, Good(first));
            if (++sent % 20 == 0)
                Collector.Flush(portal.Processes);
        }
        await portal.Client("gateway", true).GetAsync($"/nowhere/{Marker}?name={Marker}", cancel);
        // What a service asks of another, over a real connection.
        using (var http = new HttpClient())
            await http.GetAsync($"{portal.Collector.Url}/nowhere/{Marker}?phone={Marker}", cancel);
        Collector.Flush(portal.Processes);

        Assert.All(["logs", "traces", "metrics"], kind => Assert.True(portal.Collector.Kept(kind) > 0, $"No {kind} came."));
        Assert.Empty(Markers.SelectMany(portal.Collector.Find).Take(20));

        async Task Send(Address address, Field field, string value)
        {
            var path = WholePortal.Parameter().Replace(address.Template, parameter => parameter.Value[1..^1] is var name
                && name.Equals(field.Name, StringComparison.OrdinalIgnoreCase) ? Uri.EscapeDataString(value) : Known(address, name));
            using var request = new HttpRequestMessage(new(address.Method),
                field.In == Place.Query ? $"{path}?{field.Name}={Uri.EscapeDataString(value)}" : path);
            request.Headers.Add("X-CSRF", "1");
            if (address.Method is not ("GET" or "HEAD"))
                request.Content = address.TakesForm || address.Host is "gateway" or "office" && address.Body is null
                    ? new FormUrlEncodedContent(portal.FormTokens.GetValueOrDefault(address.Host, []))
                    : new StringContent("{}", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            using var answer = await portal.Client(address.Host, true)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
    }
}
