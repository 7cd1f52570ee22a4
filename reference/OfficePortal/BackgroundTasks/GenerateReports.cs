using System.Text.Json;
using System.Threading.Channels;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Reports;
using EnterprisePortal.ServiceDefaults.Observability;
using Npgsql;

namespace EnterprisePortal.OfficePortal.BackgroundTasks;

/// <summary>
/// Works the list of reports off, two at a time. Who works on a task holds an advisory lock for it, which the server takes back with the connection:
/// after a kill -9 the task is still <c>running</c> and free, and is written again from its beginning. Its pieces count only once it is <c>ready</c>.
/// </summary>
public sealed class GenerateReports(NpgsqlDataSource db, AccountDirectory accounts, TimeProvider clock, ILogger<GenerateReports> log) : BackgroundService
{
    const int AtOnce = 2, Turn = 7_240_157;
    // Nobody wakes us for what another instance left behind.
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    readonly Channel<bool> woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => woken.Writer.TryWrite(true);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Work(stoppingToken)));

    async Task Work(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                while (await Next(stop)) { }
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                log.LogWarning("Reports are looked for again: {Problem}", e.Message);
            }
            using var look = CancellationTokenSource.CreateLinkedTokenSource(stop);
            look.CancelAfter(LookEvery);
            try
            {
                await woken.Reader.ReadAsync(look.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
            }
        }
    }

    /// <returns>Whether there was something to do.</returns>
    async Task<bool> Next(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        foreach (var task in (await connection.QueryAsync<Candidate>("select account, id from background_task where state in ('queued', 'running') order by created_at limit 50")).AsList())
        {
            if (!await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(@Turn, hashtext(@id))", new { Turn, id = task.Id.ToString() }))
                continue;
            try
            {
                // Looked at again under the lock: somebody may have finished or cancelled it since.
                if (await connection.QuerySingleOrDefaultAsync<Order>("""
                    update background_task set state = 'running', progress = 0, started_at = coalesce(started_at, @now) where account = @Account and id = @Id and state in ('queued', 'running')
                    returning report, parameters, created_at, trace_parent
                    """, new { task.Account, task.Id, now = clock.GetUtcNow() }) is not { } order)
                    continue;
                Wake();
                using var work = TracedWork.Begin("write report", task.Account, order.TraceParent);
                await Generate(connection, task, order, stop);
                return true;
            }
            finally
            {
                if (connection.State == System.Data.ConnectionState.Open)
                    await connection.ExecuteAsync("select pg_advisory_unlock(@Turn, hashtext(@id))", new { Turn, id = task.Id.ToString() });
            }
        }
        return false;
    }

    async Task Generate(NpgsqlConnection connection, Candidate task, Order order, CancellationToken stop)
    {
        try
        {
            await connection.ExecuteAsync("delete from background_task_part where account = @Account and task = @Id", task);
            var account = (await accounts.Find(task.Account, stop))!;
            var (report, asked) = (Report.Find(order.Report)!, JsonSerializer.Deserialize<ReportParameters>(order.Parameters, JsonSerializerOptions.Web)!);
            await using var reading = await db.OpenConnectionAsync(stop);
            var number = 0;
            var file = await WriteReport.Run(reading, report, new(report, asked, account, clock), async (piece, percent) =>
            {
                await using var keep = new NpgsqlCommand("insert into background_task_part (account, task, number, content) values ($1, $2, $3, $4)", connection)
                {
                    Parameters = { new() { Value = task.Account }, new() { Value = task.Id }, new() { Value = number++ }, new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = piece } }
                };
                await keep.ExecuteNonQueryAsync(stop);
                return await connection.ExecuteAsync("update background_task set progress = @percent where account = @Account and id = @Id and state = 'running'", new { percent, task.Account, task.Id }) > 0;
            }, stop);
            if (file is not null)
                await End(connection, task, "ready", null, file with
                {
                    Name = $"{report.Described.FileName(account.Code, asked, order.CreatedAt, task.Id)}.csv",
                    Unknown = await ReportForm.Unknown(reading, account, report, asked)
                });
        }
        // One order that cannot be carried out ends itself, never the worker.
        catch (Exception e) when (e is not (OperationCanceledException or IOException or NpgsqlException { IsTransient: true }) && connection.State == System.Data.ConnectionState.Open)
        {
            log.LogError(e, "Report {Report} of {Account} failed", order.Report, task.Account);
            await End(connection, task, "failed", "The report could not be generated. Tell the operators of the Office Portal.", null);
        }
    }

    /// <summary>Only what is still running ends: a task cancelled meanwhile stays cancelled.</summary>
    Task End(NpgsqlConnection connection, Candidate task, string state, string? problem, ReportFile? file) => connection.ExecuteAsync("""
        update background_task set state = @state, problem = @problem, about = @about::jsonb, progress = case @state when 'ready' then 100 else progress end, finished_at = @now
        where account = @Account and id = @Id and state = 'running'
        """, new { task.Account, task.Id, state, problem, about = file is null ? null : JsonSerializer.Serialize(file, JsonSerializerOptions.Web), now = clock.GetUtcNow() });

    sealed record Candidate(string Account, Guid Id);

    [method: ExplicitConstructor]
    sealed record Order(string Report, string Parameters, DateTime CreatedAt, string? TraceParent);
}

/// <summary>Tasks and their files are kept 60 days.</summary>
sealed class ForgetOldTasks(NpgsqlDataSource db, TimeProvider clock, ILogger<ForgetOldTasks> log) : BackgroundService
{
    static readonly TimeSpan Kept = TimeSpan.FromDays(60);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                await using var connection = await db.OpenConnectionAsync(stoppingToken);
                await connection.ExecuteAsync("delete from background_task where created_at < @before", new { before = clock.GetUtcNow() - Kept });
            }
            catch (NpgsqlException e)
            {
                log.LogWarning("Old reports could not be removed now: {Problem}", e.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
