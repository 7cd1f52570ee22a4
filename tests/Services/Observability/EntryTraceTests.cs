using EnterprisePortal.Tests.OfficePortal;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Observability;

[Collection(nameof(Traced))]
public class EntryTraceTests(Traces traces, Identity.IdentityService identity, WebOffice office)
    : IClassFixture<Identity.IdentityService>, IClassFixture<WebOffice>
{
    [Fact]
    public async Task The_account_goes_on_in_the_trace_that_Identity_names_in_its_signed_words()
    {
        var browser = identity.NewBrowser();
        await browser.SignIn(Demo.RootAdmin.Email);
        var (tokens, _) = await browser.Enter("bluedolphin-austin");
        office.Portal.Trace = tokens!.Id.GetClaim("traceparent").Value;

        await office.Enter(office.Browser(), WebOffice.Austin, WebPerson.Rosa());

        var trace = await traces.Of("authorize", "publish activity recorded", "start session");
        Assert.Equal(trace[0].TraceId.ToString(), office.Portal.Trace.Split('-')[1]);
        Assert.Contains(trace, span => span.Source.Name == "Npgsql"
            && span.ParentSpanId == trace.Single(entry => entry.DisplayName == "start session").SpanId);
    }

    [Fact]
    public async Task Nobody_puts_an_entry_into_a_trace_by_an_address()
    {
        const string stranger = "0123456789abcdef0123456789abcde0";
        office.Portal.Trace = null;
        var browser = office.Browser();

        await browser.GetAsync(await office.Callback(browser, WebOffice.Austin, WebPerson.Rosa())
            + $"&traceparent=00-{stranger}-0123456789abcdef-01");

        await traces.Of("start session", "finish entry");
        Assert.DoesNotContain(traces.Spans, span => span.TraceId.ToString() == stranger);
    }
}
