using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Permissions;
using EnterprisePortal.Tests.Gateway;
using EnterprisePortal.Tests.Reports;
using EnterprisePortal.Tests.Search;
using EnterprisePortal.Tests.Support;
using EnterprisePortal.Tests.Sync;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Npgsql;
using RabbitMQ.Client;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Observability;

/// <summary>What operators read off (docs/operations.md): each has its value after what it counts has happened.</summary>
public class SearchMetricsTests(SearchService search) : IClassFixture<SearchService>
{
    [Fact]
    public async Task A_lookup_is_timed_by_its_outcome_and_an_account_that_did_not_answer_is_counted_by_name()
    {
        using var lookups = Metric<double>("portal.phone.lookup.duration");
        using var unanswered = Metric<long>("portal.phone.accounts.unanswered");
        search.Outbound.Answer("office.example", request =>
            request.RequestUri!.AbsolutePath.StartsWith("/tumbletime-tulsa/", StringComparison.Ordinal)
            ? throw new HttpRequestException("connection refused")
            : new(HttpStatusCode.OK) { Content = JsonContent.Create(new LiveFamilies([])) });
        var person = search.SignedInAs(Demo.TumbleUser);

        await person.GetAsync("/api/search/phone/+15125550199");
        await person.GetAsync("/api/search/phone/anonymous");

        Assert.Equal(["none", "refused"], lookups.GetMeasurementSnapshot().Select(lookup => lookup.Tags["outcome"]));
        Assert.All(lookups.GetMeasurementSnapshot(), lookup => Assert.True(lookup.Value > 0));
        Assert.Equal("tumbletime-tulsa", Assert.Single(unanswered.GetMeasurementSnapshot()).Tags["portal.account"]);
    }

    [Fact]
    public async Task Searches_are_counted_by_their_outcome_and_a_snapshots_rows_as_they_arrive()
    {
        using var searches = Metric<long>("portal.family.searches");
        using var rows = Metric<long>("portal.snapshot.rows");

        await search.Indexed("bluedolphin-austin", Family("1", "Mary Brown"), Family("2", "Al Brown"), Family("3", "Bo Brown"));
        await search.Search(Demo.RootUser, "name=brown");
        await search.Search(Demo.RootUser, "name=xylophone");

        Assert.Equal(3, rows.GetMeasurementSnapshot().EvaluateAsCounter());
        Assert.Equal(["found", "none"], searches.GetMeasurementSnapshot().Select(one => one.Tags["outcome"]));
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_is_counted_where_it_was_parked()
    {
        using var parked = Metric<long>("portal.messages.parked");
        var broker = new ConnectionFactory { Uri = new(search.Settings["ConnectionStrings:messaging"]) };
        await using var connection = await broker.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();

        await channel.BasicPublishAsync("", "search-stage-chunk", true,
            new BasicProperties { ContentType = "application/vnd.masstransit+json" }, "nonsense"u8.ToArray());

        await Eventually(() => parked.GetMeasurementSnapshot().Count == 1);
        Assert.Equal("search-stage-chunk", parked.LastMeasurement!.Tags["messaging.destination.name"]);
        using var waiting = Metric<double>("portal.parked.messages");
        using var age = Metric<double>("portal.parked.oldest.age");
        await Value.Becomes(waiting, 1);
        await Value.Becomes(age, waited => waited is > 0 and < 600);
        Assert.Equal(0u, await channel.MessageCountAsync("search-stage-chunk_error"));
    }

    [Fact]
    public async Task What_waits_in_the_outbox_is_measured_with_its_age()
    {
        using var depth = Metric<double>("portal.outbox.messages");
        using var age = Metric<double>("portal.outbox.oldest.age");
        await Value.Becomes(depth, 0);
        // Due in a second, when the relay finds the table held.
        await using var holder = await search.Instance.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using (var put = new NpgsqlCommand("insert into outbox (id, type, body, due_at)"
            + " values (gen_random_uuid(), 'EnterprisePortal.Contracts.Nothing', '{}', now() + interval '1 second')", holder))
            await put.ExecuteNonQueryAsync();
        await using (var held = await holder.BeginTransactionAsync())
        {
            await using var hold = new NpgsqlCommand("lock table outbox in exclusive mode", holder);
            await hold.ExecuteNonQueryAsync();

            await Value.Becomes(depth, 1);
            await Value.Becomes(age, waited => waited is > 1 and < 600);

            await using var remove = new NpgsqlCommand("delete from outbox", holder);
            await remove.ExecuteNonQueryAsync();
            await held.CommitAsync();
        }
        await Value.Becomes(age, 0);
    }

    MetricCollector<T> Metric<T>(string name) where T : struct => Value.Of<T>(search.Instance.Services, name);
}

public class ReportMetricsTests(ReportsService reports) : IClassFixture<ReportsService>
{
    [Fact]
    public async Task Accounts_of_a_run_are_in_flight_until_they_end_and_the_failed_are_told_from_the_others()
    {
        using var inFlight = Value.Of<double>(reports.Instance.Services, "portal.report.accounts.in_flight");
        using var ended = Value.Of<long>(reports.Instance.Services, "portal.report.accounts");
        var offices = await reports.WithOffices();
        offices.NotPermitted["bluedolphin-boston"] = true;
        offices.Trouble["bluedolphin-tampa"] = "hang";

        var run = await reports.Start(Demo.EastUser);

        await Value.Becomes(inFlight, 1);
        await Eventually(() => ended.GetMeasurementSnapshot().Count == 3);
        Assert.Equal(["failed", "ready", "ready"], ended.GetMeasurementSnapshot().Select(one => (string)one.Tags["outcome"]!).Order());
        offices.Trouble.Clear();
        await reports.Finished(Demo.EastUser, run);
        await Value.Becomes(inFlight, 0);
    }
}

public class OtherMetricsTests(Service<PermissionsDb> permissions, SyncService sync, GatewayService gateway)
    : IClassFixture<Service<PermissionsDb>>, IClassFixture<SyncService>, IClassFixture<GatewayService>
{
    [Fact]
    public async Task Restrictions_are_pending_until_the_account_has_them()
    {
        using var pending = Value.Of<double>(permissions.Instance.Services, "portal.restrictions.pending");
        var offices = new Permissions.Offices(permissions.Outbound);
        offices.Stopped["bluedolphin-austin"] = true;
        await permissions.Given(Demo.BlueDolphin);

        await permissions.SignedInAs(Demo.RootAdmin).PutAsJsonAsync($"/api/permissions/groups/{Demo.BlueDolphinId}/removed/reports.cla-9",
            new { reason = "Payroll", until = (string?)null });

        await Value.Becomes(pending, 1);
        offices.Stopped.Clear();
        await Value.Becomes(pending, 0);
    }

    [Fact]
    public async Task The_account_that_was_not_read_for_the_longest_time_gives_the_age()
    {
        using var oldest = Value.Of<double>(sync.Instance.Services, "portal.sync.oldest.age");
        using var unread = Value.Of<double>(sync.Instance.Services, "portal.sync.accounts.unread");
        await sync.Onboarded("metric-new", "metric-old");
        await Value.Becomes(unread, 2);

        await using var command = sync.Instance.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "update account_sync set last_sync = now()" +
            " - case account when 'metric-old' then interval '30 hours' else interval '1 hour' end");
        await command.ExecuteNonQueryAsync();

        await Value.Becomes(unread, 0);
        await Value.Becomes(oldest, age => age is > 29 * 3600 and < 31 * 3600);
    }

    [Fact]
    public async Task Every_signed_in_browser_is_an_open_session()
    {
        using var open = Value.Of<double>(gateway.Instance.Services, "portal.sessions.open");

        await gateway.SignIn(Demo.RootAdmin);
        await gateway.SignIn(Demo.EastUser);

        await Value.Becomes(open, 2);
    }
}

static class Value
{
    public static MetricCollector<T> Of<T>(IServiceProvider service, string name) where T : struct =>
        new(service.GetRequiredService<IMeterFactory>(), "EnterprisePortal", name);

    public static Task Becomes(MetricCollector<double> gauge, double value) => Becomes(gauge, known => known == value);

    public static Task Becomes(MetricCollector<double> gauge, Func<double, bool> so) => Eventually(() =>
    {
        gauge.RecordObservableInstruments();
        return gauge.LastMeasurement is { } last && so(last.Value);
    });
}
