using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.ServiceDefaults.Observability;
using MassTransit;
using Npgsql;

namespace EnterprisePortal.Search.Snapshots;

/// <summary>
/// Stores one chunk of a snapshot until all are there. A repeated chunk meets the primary key; a chunk that arrives after the end changes
/// nothing.
/// </summary>
public sealed class StageChunk(NpgsqlDataSource db, ApplySnapshot snapshots, PortalMetrics metrics) : IConsumer<SnapshotChunk>
{
    /// <summary>Raise it when the index stores something new about a family: every family is then rewritten.</summary>
    const byte IndexVersion = 1;

    public async Task Consume(ConsumeContext<SnapshotChunk> context)
    {
        var chunk = context.Message;
        await using (var insert = db.CreateCommand(
            """
            insert into snapshot_chunk (snapshot_id, number, account, ids, hashes, bodies, kinds, names, uses)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9
            where not exists (select from snapshot where snapshot_id = $1 and state <> 'complete')
            on conflict do nothing
            """))
        {
            var families = chunk.Families ?? [];
            var names = chunk.Names ?? [];
            var bodies = families.Select(Body).ToArray();
            insert.Parameters.AddWithValue(chunk.SnapshotId);
            insert.Parameters.AddWithValue(chunk.Number);
            insert.Parameters.AddWithValue(chunk.Account);
            insert.Parameters.AddWithValue(families.Select(family => Storable(family.Id)).ToArray());
            insert.Parameters.AddWithValue(Array.ConvertAll(bodies, Hash));
            insert.Parameters.AddWithValue(bodies);
            insert.Parameters.AddWithValue(names.Select(name => Storable(name.Kind)).ToArray());
            insert.Parameters.AddWithValue(names.Select(name => Storable(name.Name)).ToArray());
            insert.Parameters.AddWithValue(names.Select(name => name.Uses).ToArray());
            if (await insert.ExecuteNonQueryAsync(context.CancellationToken) == 1)
                metrics.SnapshotRows(families.Count + names.Count);
        }
        await snapshots.ApplyIfWhole(chunk.SnapshotId, context.CancellationToken);
    }

    internal static byte[] Body(AccountFamily family) => JsonSerializer.SerializeToUtf8Bytes(family, SnapshotJson.Default.AccountFamily);

    internal static long Hash(byte[] body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash) ^ IndexVersion;
    }

    /// <summary>PostgreSQL's text has no NUL.</summary>
    internal static string Storable(string? text) => text?.Replace("\0", "", StringComparison.Ordinal) ?? "";
}

/// <summary>More in parallel would only take processor time from people who search.</summary>
sealed class StageChunkDefinition : ConsumerDefinition<StageChunk>
{
    public StageChunkDefinition() => ConcurrentMessageLimit = AtOnce;

    const int AtOnce = 2;

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<StageChunk> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.PrefetchCount = AtOnce * 2;
}

[System.Text.Json.Serialization.JsonSerializable(typeof(AccountFamily))]
sealed partial class SnapshotJson : System.Text.Json.Serialization.JsonSerializerContext;
