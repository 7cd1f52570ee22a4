using System.Diagnostics;
using EnterprisePortal.Audit;
using Npgsql;

namespace EnterprisePortal.Benchmarks;

/// <summary>A page of a long log, through the service, against the bare indexed query, taking turns.</summary>
static class AuditBenchmark
{
    const int Rounds = 40;

    public static async Task Run(int entries)
    {
        await using var world = await World.Start(_ => TimeSpan.Zero);
        await using var audit = world.StartAudit(out var root);
        // As its owner: the service itself may not write like this.
        await using var db = NpgsqlDataSource.Create(audit.ConnectionString);
        var began = Stopwatch.GetTimestamp();
        foreach (var statement in Fill(root, entries))
        {
            await using var command = db.CreateCommand(statement);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
        Console.WriteLine($"{entries:N0} entries written in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s.");

        using var http = audit.Client();
        var rows = new List<string[]>();
        foreach (var (name, query, where) in new[]
        {
            ("first page", "", $"enterprise_id = '{root}'"),
            ("one person", "?person=person17@example.com", "person_id = md5('p17')::uuid"),
            ("one account", "?account=account-7", "account = 'account-7'"),
            ("one kind of action", "?action=phone", $"enterprise_id = '{root}' and split_part(action, '.', 1) = 'phone'")
        })
        {
            var bare = $"select {LogFilter.Columns} from activity where {where} order by at desc, id desc limit 51";
            var (pages, queries) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                queries.Add(await Milliseconds(async () =>
                {
                    await using var command = db.CreateCommand(bare);
                    await using var entry = await command.ExecuteReaderAsync();
                    while (await entry.ReadAsync())
                        ReadLog.Read(entry, null);
                }));
                pages.Add(await Milliseconds(() => http.GetStringAsync(new Uri($"api/audit{query}", UriKind.Relative))));
            }
            rows.Add([name, $"{queries.At(.5):0.00}", $"{pages.At(.5):0.00}", $"{pages.At(.5) / queries.At(.5):0.00}",
                $"{pages.At(.95) / queries.At(.95):0.00}"]);
        }
        Table.Print($"A page of {entries:N0} entries", ["", "bare query ms", "service ms", "p50 ratio", "p95 ratio"], rows);
    }

    static string[] Fill(Guid root, int entries) =>
    [
        $"select make_month(now() - make_interval(months => n)) from generate_series(0, {entries / 43_000 + 1}) n",
        $"""
        insert into activity (id, at, enterprise_id, person_id, person, person_email, level, group_id, action, subject, account, source, ip,
          details, seq, hash)
        select gen_random_uuid(), now() - n * interval '60 seconds', '{root}', md5('p' || p)::uuid, 'Person ' || p,
          'person' || p || '@example.com', 'user', '{root}',
          (array['account.entered', 'signed-in', 'signed-out', 'phone.looked-up', 'inside.viewed-family', 'report.started'])[1 + n % 6],
          'Family ' || n % 5000, 'account-' || n % 300, 'Accounts', '203.0.113.7', json_build_object('n', n), n, sha256(n::text::bytea)
        from (select n, (random() * 200)::int p from generate_series(1, {entries}) n) rows
        """,
        "insert into actor select distinct enterprise_id, person_id, person, person_email from activity",
        "vacuum analyze activity"
    ];

    static async Task<double> Milliseconds(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
