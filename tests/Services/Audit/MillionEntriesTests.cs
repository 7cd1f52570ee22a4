using System.Diagnostics;
using System.Globalization;
using EnterprisePortal.Audit;
using EnterprisePortal.Tests.Support;
using Npgsql;

namespace EnterprisePortal.Tests.Audit;

/// <summary>Takes minutes to fill, so only on request (<c>-explicit only</c>). Figures are ratios to the bare indexed query, side by side.</summary>
public sealed class MillionEntriesTests(Service<RecordActivity> audit) : IClassFixture<Service<RecordActivity>>
{
    const int Entries = 1_000_000, Rounds = 40;

    [Fact(Explicit = true)]
    public async Task A_page_of_a_million_entries_costs_less_than_three_bare_indexed_queries()
    {
        var cancel = TestContext.Current.CancellationToken;
        await audit.Given(Demo.BlueDolphin);
        await using var db = NpgsqlDataSource.Create(audit.Settings["ConnectionStrings:audit"]);
        foreach (var statement in Fill())
        {
            await using var command = db.CreateCommand(statement);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancel);
        }

        using var http = audit.SignedInAs(Demo.RootAdmin);
        foreach (var (query, where) in new[]
        {
            ("", $"enterprise_id = '{Demo.BlueDolphinId}'"),
            ("?person=person17@example.com", "person_id = md5('p17')::uuid"),
            ("?account=account-7", "account = 'account-7'"),
            ("?action=phone", $"enterprise_id = '{Demo.BlueDolphinId}' and split_part(action, '.', 1) = 'phone'")
        })
        {
            var bare = $"select {LogFilter.Columns} from activity where {where} order by at desc, id desc limit 51";
            var (pages, queries) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                queries.Add(await Milliseconds(async () =>
                {
                    await using var command = db.CreateCommand(bare);
                    await using var rows = await command.ExecuteReaderAsync(cancel);
                    while (await rows.ReadAsync(cancel))
                        ReadLog.Read(rows, null);
                }));
                pages.Add(await Milliseconds(() => http.GetStringAsync($"/api/audit{query}", cancel)));
            }
            var ratio = Median(pages) / Median(queries);
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(query == "" ? "first page" : query)}: {ratio:0.00}x of {Median(queries):0.0} ms"));
            Assert.True(ratio < 3, $"{query}: {ratio}");
        }
    }

    static string[] Fill() =>
    [
        "select make_month(now() - make_interval(months => n)) from generate_series(0, 23) n",
        string.Create(CultureInfo.InvariantCulture, $"""
            insert into activity (id, at, enterprise_id, person_id, person, person_email, level, group_id, action, subject, account, source, ip, details, seq, hash)
            select gen_random_uuid(), now() - n * interval '60 seconds', '{Demo.BlueDolphinId}', md5('p' || p)::uuid, 'Person ' || p, 'person' || p || '@example.com', 'user', '{Demo.EastId}',
              (array['account.entered', 'signed-in', 'signed-out', 'phone.looked-up', 'inside.viewed-family', 'report.started'])[1 + n % 6], 'Family ' || n % 5000,
              'account-' || n % 300, 'Accounts', '203.0.113.7', json_build_object('n', n), n, sha256(n::text::bytea)
            from (select n, (random() * 200)::int p from generate_series(1, {Entries}) n) rows
            """),
        "insert into actor select distinct enterprise_id, person_id, person, person_email from activity",
        "vacuum analyze activity"
    ];

    static async Task<double> Milliseconds(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
