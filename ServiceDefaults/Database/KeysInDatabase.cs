using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Database;

/// <summary>
/// Data-protection keys in the service's own database, so that a restart or another replica still reads what the first one protected;
/// themselves encrypted with <c>DataProtection:Key</c> where that is given (<see cref="KeysUnderSecret"/>). Needs the table <c>data_protection_key (name text primary key, xml text not null)</c>.
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
    /// <param name="application">Keeps what one application protects apart from the others'.</param>
    public static WebApplicationBuilder AddDataProtectionInDatabase(this WebApplicationBuilder builder, string application)
    {
        builder.Services.AddDataProtection().SetApplicationName(application);
        builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(services => new ConfigureOptions<KeyManagementOptions>(keys =>
        {
            keys.XmlRepository = new KeysInDatabase(services.GetRequiredService<NpgsqlDataSource>());
            if (KeysUnderSecret.IsGiven(builder.Configuration))
                keys.XmlEncryptor = new KeysUnderSecret(builder.Configuration);
        }));
        return builder;
    }
}
