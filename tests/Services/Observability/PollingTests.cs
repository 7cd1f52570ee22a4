using System.Diagnostics;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.Tests.Sync;

namespace EnterprisePortal.Tests.Observability;

[Collection(nameof(Traced))]
public class PollingTests(Traces traces, SyncService sync) : IClassFixture<SyncService>
{
    [Fact]
    public async Task Operators_see_no_loop_that_only_looks_whether_there_is_something()
    {
        var asked = 0;
        sync.Office.Offers("poll-idle", after => Interlocked.Increment(ref asked) > 0 ? Nothing(after) : null);
        await sync.Onboarded("poll-idle");
        // The service that collects the traces has only just been started, beside whatever other tests had running.
        var before = traces.Spans.Count;

        // Meanwhile the outbox, the nightly clock and the directory have been looked at as well.
        await Eventually(() => Volatile.Read(ref asked) >= 5);

        var alone = traces.Spans.Skip(before)
            .Where(span => span.ParentSpanId == default && span.Kind is ActivityKind.Client or ActivityKind.Producer);
        Assert.False(alone.Any(), string.Join('\n', alone.Select(Traces.InWords)));
        Assert.DoesNotContain(traces.Spans, span => span.DisplayName == "ask account for changes");
    }

    [Fact]
    public async Task Operators_see_what_a_loop_does_once_it_has_found_something()
    {
        sync.Office.Offers("poll-busy", after => after == "0" ? new("1", false, sync.Clock.GetUtcNow(), [], ["8"], []) : Nothing(after));
        await sync.Onboarded("poll-busy");
        await sync.Published<FamiliesChanged>(it => it.Account == "poll-busy");

        var passed = await traces.Of("pass changes on", "publish families changed", "send families changed");
        var read = await traces.Of("read account", "send snapshot completed");

        Assert.Contains(passed, span => span.Source.Name == "Npgsql"
            && span.ParentSpanId == passed.Single(work => work.DisplayName == "pass changes on").SpanId);
        Assert.Equal("poll-busy", passed.Single(span => span.DisplayName == "pass changes on").GetTagItem("portal.account"));
        Assert.Contains(read, span => span.Source.Name == "Npgsql");
    }

    static FamilyChanges Nothing(string cursor) => new(cursor, false, TimeProvider.System.GetUtcNow(), [], [], []);
}
