using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace EnterprisePortal.AppHost.Stores;

/// <summary>A server given by its connection string is tried before anything starts: nobody waits for one that is not there.</summary>
static class GivenStores
{
    /// <exception cref="StartRefused">It does not answer, or its user may not create databases and roles.</exception>
    public static void TryPostgres(string connectionString)
    {
        try
        {
            var address = new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false };
            using var connection = new NpgsqlConnection(address.ConnectionString);
            connection.Open();
            using var allowed = new NpgsqlCommand(
                "select rolsuper or rolcreatedb and rolcreaterole from pg_roles where rolname = current_user", connection);
            // A role, because the Audit Log is written by one that cannot change it.
            if (allowed.ExecuteScalar() is not true)
                throw new StartRefused($"PostgreSQL's user {address.Username} (ConnectionStrings__postgres) may not create databases and "
                    + $"roles: alter role {address.Username} createdb createrole");
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException)
        {
            throw new StartRefused($"PostgreSQL cannot be used (ConnectionStrings__postgres): {e.Message}");
        }
    }

    /// <exception cref="StartRefused">It does not answer, or refuses the user.</exception>
    public static void TryMessaging(string address)
    {
        try
        {
            using var connection = new ConnectionFactory { Uri = new(address) }.CreateConnectionAsync().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is BrokerUnreachableException or ArgumentException or UriFormatException)
        {
            throw new StartRefused($"RabbitMQ cannot be used (ConnectionStrings__messaging): {(e.InnerException ?? e).Message}");
        }
    }
}
