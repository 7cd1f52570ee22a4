using System.Globalization;
using System.Net.Mime;
using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>All the entries of <see cref="ReadLog"/>, as CSV: written while they are read, so that a long log needs no memory.</summary>
public static class ExportLog
{
    public static void Map(RouteGroupBuilder audit) => audit.MapGet("/export.csv", Handle).WithName(nameof(ExportLog));

    static async Task<Results<PushStreamHttpResult, ValidationProblem>> Handle(
        [AsParameters] LogFilter filter, Person person, DirectoryReplica directory,
        ActivityRecorder activities, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel)
    {
        var command = new NpgsqlCommand();
        var (where, problem) = await filter.For(person, directory.ReachOf(person), command, db, cancel);
        if (where is null)
            return problem!;
        command.CommandText = $"select {LogFilter.Columns} from activity where {where} order by at desc, id desc";
        await using (var connection = await db.OpenConnectionAsync(cancel))
            await connection.Publish(activities.Of(person, AuditActions.LogExported, "Audit Log", filter.Account, filter), cancel);
        var enterprise = directory.Of(person.GroupId);
        return TypedResults.Stream(body => Write(db, command, enterprise, body, cancel), MediaTypeNames.Text.Csv,
            string.Create(CultureInfo.InvariantCulture, $"audit-log-{clock.GetUtcNow():yyyy-MM-dd}.csv"));
    }

    static async Task Write(NpgsqlDataSource db, NpgsqlCommand command, Enterprise? enterprise, Stream body, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var asked = command;
        command.Connection = connection;
        command.CommandTimeout = 0;
        await using var rows = await command.ExecuteReaderAsync(cancel);
        await using var csv = new CsvRows(body, forSpreadsheets: true);
        await csv.Write("time", "person", "e-mail", "level", "group", "action", "subject", "account", "source", "ip", "details");
        while (await rows.ReadAsync(cancel))
        {
            var entry = ReadLog.Read(rows, enterprise);
            await csv.Write(CsvRows.Moment(entry.At), entry.Person, entry.PersonEmail, entry.Level, entry.Group, entry.Action,
                entry.Subject, entry.Account, entry.Source, entry.Ip, entry.Details?.GetRawText());
        }
    }
}
