using System.Net;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Observability;

/// <summary>Between the services are real connections: the trace's headers are written by what writes them in production.</summary>
[Collection(nameof(Traced))]
public class OneTraceTests(Traces traces, GatewayInFront gateway) : IClassFixture<GatewayInFront>
{
    const string Stranger = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task A_family_search_is_one_trace_from_the_gateway_to_the_index_and_no_stranger_chooses_which()
    {
        await gateway.Search.Given(Demo.BlueDolphin);
        var browser = gateway.Browser(await gateway.SignIn(Demo.RootAdmin));
        browser.DefaultRequestHeaders.Add("traceparent", $"00-{Stranger}-0123456789abcdef-00");

        var answer = await browser.GetAsync("/api/search/families?name=rosalind");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var trace = await traces.Of("GET /api/search/{**rest}", "search families");
        Assert.Contains(trace, span => span.Source.Name == "Npgsql");
        Assert.DoesNotContain(traces.Spans, span => span.TraceId.ToString() == Stranger);
        // A page that is drawn is part of its request.
        Assert.DoesNotContain(traces.Spans, span => span.Source.Name == "Microsoft.AspNetCore.Components");
    }

    [Fact]
    public async Task An_entry_is_one_trace_however_often_the_browser_is_sent_on_and_only_the_gateway_says_which()
    {
        gateway.Outbound.Answer("accounts", _ =>
            new(HttpStatusCode.Redirect) { Headers = { Location = new("http://office.example/enterprise/sign-in") } });
        gateway.Outbound.Answer("identity", (request, cancel) => request.RequestUri!.AbsolutePath == "/connect/authorize"
            ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.Redirect)
            { Headers = { Location = new("http://office.example/callback") } })
            : gateway.Identity(request, cancel));
        var session = await gateway.SignIn(Demo.RootAdmin);

        var opened = await gateway.Browser(session).GetAsync("/open/bluedolphin-austin");
        var cookie = opened.Headers.GetValues("Set-Cookie")
            .Single(set => set.StartsWith("portal.gateway.entry=", StringComparison.Ordinal));
        await gateway.Browser($"{session}; {cookie.Split(';')[0]}").GetAsync("/connect/authorize");
        await gateway.Browser($"{session}; portal.gateway.entry={Stranger}").GetAsync("/connect/authorize");

        Assert.Contains("path=/connect/authorize", cookie);
        Assert.Contains("httponly", cookie);
        await traces.Of("GET /open/{code}", "GET /connect/{**rest}");
        await Eventually(() => traces.Spans.Where(span => span.DisplayName == "GET /connect/{**rest}")
            .Select(span => span.TraceId).Distinct().Count() == 2);
    }
}
