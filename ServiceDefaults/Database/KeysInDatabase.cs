using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Database;

/// <summary>
/// Data-protection keys in the service's own database, so that data protected before a restart, or by another replica, stays readable. The
/// keys themselves are encrypted with <c>DataProtection:Key</c>, which is required outside Development (<see cref="KeysUnderSecret"/>).
/// Needs the table <c>data_protection_key (name text primary key, xml text not null)</c>.
/// </summary>
public sealed class KeysInDatabase(NpgsqlDataSource db) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = db.CreateCommand("select xml from data_protection_key");
        using var rows = command.ExecuteReader();
        var keys = new List<XElement>();
        while (rows.Read())
            keys.Add(XElement.Parse(rows.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = db.CreateCommand("insert into data_protection_key (name, xml) values ($1, $2) on conflict do nothing");
        command.Parameters.AddWithValue(friendlyName);
        command.Parameters.AddWithValue(element.ToString(SaveOptions.DisableFormatting));
        command.ExecuteNonQuery();
    }
}

public static class KeysInDatabaseExtensions
{
    /// <summary>Call right after AddDatabase, whose migrations make the table, and before anything that uses the key ring.</summary>
    /// <param name="application">Separates the data of applications: none can read what another protected.</param>
    public static WebApplicationBuilder AddDataProtectionInDatabase(this WebApplicationBuilder builder, string application)
    {
        KeysUnderSecret.Check(builder.Configuration, builder.Environment);
        // Registered first, so that it runs before the framework reads the ring, and would make new keys if it could open none.
        builder.Services.AddHostedService<ProtectKeys>();
        builder.Services.AddDataProtection().SetApplicationName(application);
        builder.Services.AddOptions<KeyManagementOptions>().Configure<NpgsqlDataSource>((keys, db) =>
        {
            keys.XmlRepository = new KeysInDatabase(db);
            if (KeysUnderSecret.IsGiven(builder.Configuration))
                keys.XmlEncryptor = new KeysUnderSecret(builder.Configuration);
        });
        return builder;
    }
}
