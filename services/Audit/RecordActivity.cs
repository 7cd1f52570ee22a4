using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Activity;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Audit;

/// <summary>
/// Replicas compete for messages, in batches: a chain takes one transaction at a time, so that busy hours need many entries in each. The
/// activity's own id and time make repetition harmless.
/// </summary>
public sealed class RecordActivity(AppendToLog log, SignedHeads heads, NpgsqlDataSource db) : IConsumer<Batch<ActivityRecorded>>
{
    public static void InBatches(IConsumerConfigurator<RecordActivity> consumer) =>
        consumer.Options<BatchOptions>(
            batch => batch.SetMessageLimit(200).SetTimeLimit(TimeSpan.FromMilliseconds(100)).SetConcurrencyLimit(2));

    public async Task Consume(ConsumeContext<Batch<ActivityRecorded>> context)
    {
        // In the outbox's order, as far as the broker preserved it.
        foreach (var enterprise in context.Message.Select(message => message.Message).GroupBy(activity => activity.EnterpriseId))
            await Record(enterprise.Key, [.. enterprise.OrderBy(activity => activity.At)], context.CancellationToken);
    }

    async Task Record(Guid enterprise, List<ActivityRecorded> activities, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var head = await log.Append(connection, enterprise, activities, cancel);
        // Somebody may still be inside, with entries in the account's own log that are not read yet.
        var entered = activities.Where(activity => activity.Action == AuditActions.AccountEntered.Key && activity.Account is not null);
        await PullAccountActivity.Follow(connection, entered, cancel);
        await transaction.CommitAsync(cancel);
        heads.Note(head);
    }
}
