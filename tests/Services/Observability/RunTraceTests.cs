using System.Net.Http.Json;
using EnterprisePortal.Tests.OfficePortal;
using EnterprisePortal.Tests.Reports;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Observability;

[Collection(nameof(Traced))]
public class RunTraceTests(Traces traces, ReportsService reports, DataOffice office) : IClassFixture<ReportsService>, IClassFixture<DataOffice>
{
    [Fact]
    public async Task A_report_run_is_one_trace_over_outbox_queue_and_account_to_the_report_that_the_account_generates()
    {
        var account = Demo.BlueDolphin.Accounts.Single(known => known.Code == DataOffice.Austin) with { BaseUrl = $"http://localhost:8090/{DataOffice.Austin}" };
        await reports.Given(Demo.BlueDolphin with { Groups = [Demo.BlueDolphin.Groups[0] with { Accounts = [account.Code] }], Accounts = [account] });
        var network = new HttpMessageInvoker(new SocketsHttpHandler());
        reports.Outbound.Answer("localhost:8090", (request, cancel) =>
        {
            request.RequestUri = new UriBuilder(request.RequestUri!) { Port = office.Portal(account.Code).BaseAddress!.Port, Host = "127.0.0.1" }.Uri;
            return network.SendAsync(request, cancel);
        });
        reports.Outbound.Answer("identity", request => request.RequestUri!.AbsolutePath == "/connect/token"
            ? new() { Content = JsonContent.Create(new { access_token = TestIdentity.Token([new("scope", "account-api")], audiences: [account.BaseUrl]), expires_in = 300 }) }
            : TestIdentity.Answer(request));

        await reports.Finished(Demo.RootAdmin, await reports.Start(Demo.RootAdmin));

        var trace = await traces.Of("start run", "publish generate account report", "generate report", "ask account for reports", "start report", "write report");
        Assert.DoesNotContain(trace, span => Traces.InWords(span).Contains(Demo.RootAdmin.Email, StringComparison.Ordinal));
    }
}

[Collection(nameof(Traced))]
public class EntryTraceTests(Traces traces, Identity.IdentityService identity, WebOffice office) : IClassFixture<Identity.IdentityService>, IClassFixture<WebOffice>
{
    [Fact]
    public async Task The_account_goes_on_in_the_trace_that_Identity_names_in_its_signed_words()
    {
        var browser = identity.NewBrowser();
        await browser.SignIn(Demo.RootAdmin.Email);
        var (tokens, _) = await browser.Enter("bluedolphin-austin");
        office.Portal.Trace = tokens!.Id.GetClaim("traceparent").Value;

        await office.Enter(office.Browser(), WebOffice.Austin, WebPerson.Rosa());

        var trace = await traces.Of("authorize", "publish activity recorded", "enter account");
        Assert.Equal(trace[0].TraceId.ToString(), office.Portal.Trace.Split('-')[1]);
        Assert.Contains(trace, span => span.Source.Name == "Npgsql" && span.ParentSpanId == trace.Single(entry => entry.DisplayName == "enter account").SpanId);
    }

    [Fact]
    public async Task Nobody_puts_an_entry_into_a_trace_by_an_address()
    {
        const string stranger = "0123456789abcdef0123456789abcde0";
        office.Portal.Trace = null;
        var browser = office.Browser();

        await browser.GetAsync(await office.Callback(browser, WebOffice.Austin, WebPerson.Rosa()) + $"&traceparent=00-{stranger}-0123456789abcdef-01");

        await traces.Of("enter account", "finish entry");
        Assert.DoesNotContain(traces.Spans, span => span.TraceId.ToString() == stranger);
    }
}
