using EnterprisePortal.Contracts.Sync;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Reports.Trends;

/// <summary>
/// Stores what an account's days came to. A snapshot that is not newer than the last one changes nothing, so repetition and reordering are
/// harmless. Two years arrive every night, and few of their days have changed: only these are written.
/// </summary>
sealed class KeepFigures(NpgsqlDataSource db) : IConsumer<FiguresRead>
{
    public async Task Consume(ConsumeContext<FiguresRead> context)
    {
        var (read, days) = (context.Message, context.Message.Days);
        await using var command = db.CreateCommand(
            """
            with newer as (
              insert into account_figures as known (account, taken_at, is_sent) values ($1, $2, $3)
              on conflict (account) do update set taken_at = excluded.taken_at, is_sent = excluded.is_sent
                where known.taken_at < excluded.taken_at
              returning account)
            insert into account_day as known (account, day, families, active_enrollments, new_enrollments, drops, deposits)
            select newer.account, sent.day, sent.families, sent.active_enrollments, sent.new_enrollments, sent.drops, sent.deposits
            from newer cross join unnest($4, $5, $6, $7, $8, $9)
              as sent (day, families, active_enrollments, new_enrollments, drops, deposits)
            left join account_day old on old.account = newer.account and old.day = sent.day
            where old.day is null or (old.families, old.active_enrollments, old.new_enrollments, old.drops, old.deposits)
              is distinct from (sent.families, sent.active_enrollments, sent.new_enrollments, sent.drops, sent.deposits)
            on conflict (account, day) do update set
              families = coalesce(excluded.families, known.families),
              active_enrollments = coalesce(excluded.active_enrollments, known.active_enrollments),
              new_enrollments = coalesce(excluded.new_enrollments, known.new_enrollments),
              drops = coalesce(excluded.drops, known.drops), deposits = coalesce(excluded.deposits, known.deposits)
            """);
        command.Parameters.AddWithValue(read.Account);
        command.Parameters.AddWithValue(read.TakenAt.ToUniversalTime());
        command.Parameters.AddWithValue(read.IsSent);
        command.Parameters.AddWithValue(days.Select(day => day.Day).ToArray());
        command.Parameters.AddWithValue(days.Select(day => day.Families).ToArray());
        command.Parameters.AddWithValue(days.Select(day => day.ActiveEnrollments).ToArray());
        command.Parameters.AddWithValue(days.Select(day => day.NewEnrollments).ToArray());
        command.Parameters.AddWithValue(days.Select(day => day.Drops).ToArray());
        command.Parameters.AddWithValue(days.Select(day => day.Deposits).ToArray());
        await command.ExecuteNonQueryAsync(context.CancellationToken);
    }
}
