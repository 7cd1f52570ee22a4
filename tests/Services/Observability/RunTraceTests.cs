using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Tests.OfficePortal;
using EnterprisePortal.Tests.Reports;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Observability;

[Collection(nameof(Traced))]
public class RunTraceTests(Traces traces, ReportsService reports, DataOffice office)
    : IClassFixture<ReportsService>, IClassFixture<DataOffice>
{
    [Fact]
    public async Task A_report_run_is_one_trace_over_outbox_queue_and_account_to_the_report_that_the_account_generates()
    {
        var austin = Demo.BlueDolphin.Accounts.Single(known => known.Code == DataOffice.Austin);
        var account = austin with { BaseUrl = $"http://localhost:8090/{DataOffice.Austin}" };
        await reports.Given(Demo.BlueDolphin with
        {
            Groups = [Demo.BlueDolphin.Groups[0] with { Accounts = [account.Code] }],
            Accounts = [account]
        });
        var network = new HttpMessageInvoker(new SocketsHttpHandler());
        reports.Outbound.Answer("localhost:8090", (request, cancel) =>
        {
            request.RequestUri =
                new UriBuilder(request.RequestUri!) { Host = "127.0.0.1", Port = office.Portal(account.Code).BaseAddress!.Port }.Uri;
            return network.SendAsync(request, cancel);
        });
        reports.Outbound.Answer("identity", request => request.RequestUri!.AbsolutePath == "/connect/token"
            ? new() { Content = JsonContent.Create(new { access_token = TokenFor(account.BaseUrl), expires_in = 300 }) }
            : TestIdentity.Answer(request));

        await reports.Finished(Demo.RootAdmin, await reports.Start(Demo.RootAdmin));

        var trace = await traces.Of("start run",
            "publish generate account report", "generate report", "ask account for reports", "start report", "write report");
        Assert.DoesNotContain(trace, span => Traces.InWords(span).Contains(Demo.RootAdmin.Email, StringComparison.Ordinal));
    }

    static string TokenFor(string account) =>
        TestIdentity.Token([new("scope", $"{AccountScopes.Api} {AccountScopes.Reports}")], audiences: [account]);
}
