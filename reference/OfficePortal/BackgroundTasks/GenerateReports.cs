using System.Text.Json;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Reports;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Observability;
using Npgsql;

namespace EnterprisePortal.OfficePortal.BackgroundTasks;

/// <summary>
/// Generates queued reports, two at a time. The worker of a task holds a lock on it, which the server releases with the connection: after a
/// kill -9 the task is still <c>running</c> but unlocked, and is generated again from the beginning. Its pieces count only once it is
/// <c>ready</c>.
/// </summary>
/// <remarks>The interval finds tasks that another instance left behind: no notice wakes us for those.</remarks>
public sealed class GenerateReports(NpgsqlDataSource db, AccountDirectory accounts, TimeProvider clock, ILogger<GenerateReports> log)
    : BackgroundLoop(TimeSpan.FromSeconds(2), clock, log)
{
    protected override int Workers => 2;

    /// <summary>Held by the worker of the task.</summary>
    public static string LockOf(string task) => $"background-task {task}";

    protected override async Task Round(CancellationToken stop)
    {
        while (await Next(stop)) { }
    }

    /// <returns>Whether there was a task to work on.</returns>
    async Task<bool> Next(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        foreach (var task in (await connection.QueryAsync<Candidate>(
            "select account, id from background_task where state in ('queued', 'running') order by created_at limit 50")).AsList())
        {
            await using var mine = await connection.TryLock(LockOf(task.Id.ToString()), stop);
            // Checked again under the lock: the task may have been finished or canceled since.
            if (mine is null || await connection.QuerySingleOrDefaultAsync<Order>("""
                update background_task set state = 'running', progress = 0, started_at = coalesce(started_at, @now)
                where account = @Account and id = @Id and state in ('queued', 'running')
                returning report, parameters, created_at, trace_parent
                """, new { task.Account, task.Id, now = Clock.GetUtcNow() }) is not { } order)
                continue;
            Wake();
            using var work = TracedWork.Begin("write report", task.Account, order.TraceParent);
            await Generate(connection, task, order, stop);
            return true;
        }
        return false;
    }

    async Task Generate(NpgsqlConnection connection, Candidate task, Order order, CancellationToken stop)
    {
        try
        {
            await connection.ExecuteAsync("delete from background_task_part where account = @Account and task = @Id", task);
            var account = (await accounts.Find(task.Account, stop))!;
            var (report, asked) =
                (Report.Find(order.Report)!, JsonSerializer.Deserialize<ReportParameters>(order.Parameters, JsonSerializerOptions.Web)!);
            await using var reading = await db.OpenConnectionAsync(stop);
            var number = 0;
            var file = await WriteReport.Run(reading, report, new(report, asked, account, Clock), async (piece, percent) =>
            {
                await using var keep = new NpgsqlCommand(
                    "insert into background_task_part (account, task, number, content) values ($1, $2, $3, $4)", connection)
                {
                    Parameters = { new() { Value = task.Account }, new() { Value = task.Id },
                        new() { Value = number++ }, new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = piece } }
                };
                await keep.ExecuteNonQueryAsync(stop);
                return await connection.ExecuteAsync(
                    "update background_task set progress = @percent where account = @Account and id = @Id and state = 'running'",
                    new { percent, task.Account, task.Id }) > 0;
            }, stop);
            if (file is not null)
                await End(connection, task, "ready", null, file with
                {
                    Name = $"{report.Described.FileName(account.Code, asked, order.CreatedAt, task.Id)}.csv",
                    Unknown = await ReportForm.Unknown(reading, account, report, asked)
                });
        }
        // A task that cannot be generated fails by itself, without ending the worker.
        catch (Exception e) when (e is not (OperationCanceledException or IOException or NpgsqlException { IsTransient: true })
            && connection.State == System.Data.ConnectionState.Open)
        {
            Log.LogError(e, "Report {Report} of {Account} failed", order.Report, task.Account);
            await End(connection, task, "failed", "The report could not be generated. Tell the operators of the Office Portal.", null);
        }
    }

    /// <summary>Ends a task only while it is running: a task canceled in the meantime stays canceled.</summary>
    Task End(NpgsqlConnection connection, Candidate task, string state, string? problem, ReportFile? file) => connection.ExecuteAsync("""
        update background_task set state = @state, problem = @problem, about = @about::jsonb, progress = case @state when 'ready' then 100
          else progress end, finished_at = @now
        where account = @Account and id = @Id and state = 'running'
        """, new
    {
        task.Account, task.Id, state, problem, now = Clock.GetUtcNow(),
        about = file is null ? null : JsonSerializer.Serialize(file, JsonSerializerOptions.Web)
    });

    sealed record Candidate(string Account, Guid Id);

    [method: ExplicitConstructor]
    sealed record Order(string Report, string Parameters, DateTime CreatedAt, string? TraceParent);
}

/// <summary>Tasks and their files are kept for 60 days.</summary>
sealed class ForgetOldTasks(NpgsqlDataSource db, TimeProvider clock, ILogger<ForgetOldTasks> log)
    : BackgroundLoop(TimeSpan.FromHours(1), clock, log)
{
    static readonly TimeSpan KeptFor = TimeSpan.FromDays(60);

    protected override async Task Round(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await connection.ExecuteAsync("delete from background_task where created_at < @before",
            new { before = Clock.GetUtcNow() - KeptFor });
    }
}
