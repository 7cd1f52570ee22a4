using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.BackgroundTasks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>
/// <c>GET background-tasks/{id}</c> and <c>…/file</c>: tasks of the portal's runs only; reports of the account's own staff stay here.
/// </summary>
public static class ReadTask
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/background-tasks/{id:guid}", Show).WithName(nameof(ReadTask)).OpensWith(AccountScopes.Reports);
        api.MapGet("/background-tasks/{id:guid}/file", Download).WithName("ReadTaskFile").OpensWith(AccountScopes.Reports)
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Text.Csv);
    }

    static async Task<Results<Ok<ReportTask>, NotFound>> Show(
        Guid id, Account account, NpgsqlDataSource db, HttpRequest request, TimeProvider clock, CancellationToken cancel) =>
        await Hold(db, account, id, request, clock, cancel) is { } task ? TypedResults.Ok(task) : TypedResults.NotFound();

    /// <summary>Honors <c>Prefer: wait=n</c> (RFC 7240): waits until the task is done, or for n seconds, at most 10.</summary>
    internal static async Task<ReportTask?> Hold(
        NpgsqlDataSource db, Account account, Guid id, HttpRequest request, TimeProvider clock, CancellationToken cancel)
    {
        var (until, pause) = (clock.GetUtcNow().AddSeconds(Wait(request)), TimeSpan.FromMilliseconds(20));
        while (true)
        {
            await using (var connection = await db.OpenConnectionAsync(cancel))
                if (await Find(connection, account, id) is var task && (task is not { IsOver: false } || clock.GetUtcNow() >= until))
                    return task;
            await Task.Delay(pause, clock, cancel);
            pause *= 1.25;
        }
    }

    static int Wait(HttpRequest request) =>
        NameValueHeaderValue.TryParseList(request.Headers["Prefer"], out var preferences)
            && preferences.FirstOrDefault(one => one.Name.Equals("wait", StringComparison.OrdinalIgnoreCase)) is { } wait
        && int.TryParse(wait.Value, CultureInfo.InvariantCulture, out var seconds) ? Math.Clamp(seconds, 0, 10) : 0;

    static async Task<Results<PushStreamHttpResult, NotFound>> Download(
        Guid id, Account account, TaskFile file, NpgsqlDataSource db, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await Find(connection, account, id) is { State: "ready", File: { } about }
            ? TypedResults.Stream(body => file.CopyTo(account, id, async piece =>
            {
                await body.WriteAsync(piece, cancel);
                return true;
            }, cancel), $"{MediaTypeNames.Text.Csv}; charset=utf-8", about.Name)
            : TypedResults.NotFound();
    }

    internal static async Task<ReportTask?> Find(NpgsqlConnection connection, Account account, Guid id) =>
        await connection.QuerySingleOrDefaultAsync<Row>(
            "select state, problem, about from background_task where account = @Code and id = @id and run_id is not null", new
                { account.Code, id }) is { } row
            ? new($"{id}", row.State, row.Problem, row.About is null
                || row.State != "ready" ? null : JsonSerializer.Deserialize<ReportFile>(row.About, JsonSerializerOptions.Web))
            : null;

    [method: ExplicitConstructor]
    sealed record Row(string State, string? Problem, string? About);
}
